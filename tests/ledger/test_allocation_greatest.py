"""The greatest sums: every prefix of the vouchers' order, and credits together with vouchers.

Nothing here uses the code under test to know what is right: edges, flows, cuts and choices are made again, naively.
"""

from collections import deque
from dataclasses import replace
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.allocation.allocate import allocate
from ledger.allocation.flow import Flow
from ledger.allocation.result import Kind
from tests.ledger.test_allocation_properties import (
    balance,
    co_payment,
    dues_of,
    may_pay,
    quotes,
    spent_in_order,
    sums,
    usable,
)


def edges_of(quote, dues, vouchers, edits, without=()):
    """Return the most each voucher may pay, by (voucher, line), and the most of each line, by the design."""
    lines = {line.id: line for line in quote}
    most = {
        (v.id, line): min(due - co_payment(v, due), v.limits.get(line, due))
        for v in vouchers
        for line, due in dues.items()
        if balance(v, edits) and may_pay(v.terms, lines[line]) and (v.id, line) not in without
    }
    most = {pair: cents for pair, cents in most.items() if cents}
    rooms = {
        line: due - max((co_payment(v, due) for v in vouchers if (v.id, line) in most), default=due)
        for line, due in dues.items()
    }
    return most, rooms


def greatest_flow(balances, most, rooms):
    """Edmonds and Karp on plain dicts."""
    residual = {("source", voucher): cents for voucher, cents in balances.items()}
    residual |= {pair: cents for pair, cents in most.items() if pair[0] in balances}
    residual |= {(line, "sink"): cents for line, cents in rooms.items()}
    residual |= {(b, a): 0 for a, b in residual}
    total = 0
    while path := shortest_path(residual):
        cents = min(residual[step] for step in path)
        for a, b in path:
            residual[a, b] -= cents
            residual[b, a] += cents
        total += cents
    return total


def shortest_path(residual):
    near = {}
    for (a, b), cents in residual.items():
        if cents:
            near.setdefault(a, []).append(b)
    came, queue = {"source": None}, deque(["source"])
    while queue and "sink" not in came:
        here = queue.popleft()
        fresh = [b for b in near.get(here, ()) if b not in came]
        came |= dict.fromkeys(fresh, here)
        queue.extend(fresh)
    path, here = [], "sink"
    while came.get(here):
        path.append((came[here], here))
        here = came[here]
    return path


def smallest_cut(balances, most, rooms):
    """Enumerate the lines on the near side; each voucher then counts with the less of balance and edges."""
    lines = list(rooms)
    return min(
        sum(rooms[line] for line in near)
        + sum(
            min(cents, sum(most.get((v, line), 0) for line in lines if line not in near))
            for v, cents in balances.items()
        )
        for size in range(len(lines) + 1)
        for near in combinations(lines, size)
    )


@given(quotes(copays=(50_00,), grants=1))
def test_with_one_co_payment_every_prefix_of_the_order_pays_what_a_smallest_cut_allows(drawn):
    quote, tenders, edits = drawn
    allocation = allocate(quote, tenders, edits, smallest_charge=0)
    order, paid = spent_in_order(tenders.vouchers, edits), sums(allocation, Kind.VOUCHER)
    most, rooms = edges_of(quote, dues_of(quote, allocation), order, edits)

    for first in range(1, len(order) + 1):
        balances = {v.id: balance(v, edits) for v in order[:first]}
        mine = sum(cents for (v, _), cents in paid.items() if v in balances)
        assert mine == greatest_flow(balances, most, rooms) == smallest_cut(balances, most, rooms)


@given(quotes(grants=1))
def test_with_several_co_payments_no_prefix_pays_less_and_each_is_greatest_once_idle_ones_are_gone(drawn):
    quote, tenders, edits = drawn
    allocation = allocate(quote, tenders, edits, smallest_charge=0)
    order, paid = spent_in_order(tenders.vouchers, edits), sums(allocation, Kind.VOUCHER)
    dues = dues_of(quote, allocation)
    as_designed = edges_of(quote, dues, order, edits)

    def settled():
        """Take idle co-payments away again and again, seeing only who pays where."""
        copay = {v.id: v.copay for v in order}
        paying = {line: max((copay[v] for v, of in paid if of == line), default=None) for line in dues}
        gone = {
            (v, line)
            for v, line in as_designed[0]
            if paying[line] is not None and (v, line) not in paid and copay[v] > paying[line]
            if sum(c for (_, of), c in paid.items() if of == line) >= as_designed[1][line]
        }
        return edges_of(quote, dues, order, edits, without=gone)

    for first in range(1, len(order) + 1):
        balances = {v.id: balance(v, edits) for v in order[:first]}
        mine = sum(cents for (v, _), cents in paid.items() if v in balances)
        assert mine >= greatest_flow(balances, *as_designed)
        assert mine == greatest_flow(balances, *settled())


@settings(max_examples=100)
@given(quotes(lines=4, vouchers=3, grants=3, copays=(50_00,)))
def test_no_other_way_to_spend_credits_leaves_less_to_the_card(drawn):
    quote, tenders, edits = drawn
    allocation = allocate(quote, tenders, edits, smallest_charge=0)
    without_credit = replace(tenders, credits=())
    due = dues_of(quote, allocate(quote, without_credit, edits))

    best = None
    for spread in product([None, *tenders.credits], repeat=len(quote)):
        metered, spent = 0, dict.fromkeys([grant.id for grant in tenders.credits], 0)
        allowed = True
        for line, grant in zip(quote, spread, strict=True):
            if grant is not None:
                allowed = allowed and may_pay(grant.terms, line)
                spent[grant.id] += line.price
                metered += line.price if line.fringe and grant.meter else 0
        allowed = allowed and all(spent[g.id] <= usable(g.id, g.balance, edits) for g in tenders.credits)
        if not allowed or metered > tenders.fringe_room["m"]:
            continue
        rest = {line.id: due[line.id] for line, grant in zip(quote, spread, strict=True) if grant is None}
        balances = {v.id: balance(v, edits) for v in tenders.vouchers}
        card = sum(rest.values()) - greatest_flow(balances, *edges_of(quote, rest, tenders.vouchers, edits))
        best = card if best is None else min(best, card)

    assert allocation.card == best


@settings(max_examples=100)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_a_flow_is_within_bounds_and_greatest_for_every_prefix_and_after_lines_got_wider(payers, lines, data):
    small = st.sampled_from([0, 0, 1, 2, 3, 5, 9])
    most = [[data.draw(small) for _ in range(lines)] for _ in range(payers)]
    balances = [data.draw(small) for _ in range(payers)]
    rooms = [data.draw(small) for _ in range(lines)]
    flow = Flow(balances, rooms, most)

    for again in (False, True):
        if again:
            for line in range(lines):
                if not flow.room[line]:
                    wider = data.draw(small)
                    rooms[line] += wider
                    flow.room[line] += wider
            flow.fill()
        edges = {(f"v{v}", f"l{at}"): most[v][at] for v in range(payers) for at in range(lines)}
        of_lines = {f"l{at}": room for at, room in enumerate(rooms)}
        for first in range(1, payers + 1):
            of_payers = {f"v{v}": balances[v] for v in range(first)}
            assert sum(map(sum, flow.paid[:first])) == greatest_flow(of_payers, edges, of_lines)
        for paid, bound, balance_of in zip(flow.paid, most, balances, strict=True):
            assert sum(paid) <= balance_of
            assert all(0 <= cents <= limit for cents, limit in zip(paid, bound, strict=True))
        assert all(sum(row[at] for row in flow.paid) <= rooms[at] for at in range(lines))
