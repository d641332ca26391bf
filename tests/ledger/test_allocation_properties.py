"""What holds for every allocation: sums, bounds, order, the smallest charge, and that all is explained.

Nothing here uses the code under test to know what is right.
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from ledger.allocation.allocate import allocate
from ledger.allocation.result import Kind, Rule
from ledger.allocation.tenders import (
    CompanyShare,
    CreditGrant,
    Edits,
    Line,
    Slice,
    Tenders,
    Terms,
    VoucherBalance,
)

DAY = date(2026, 12, 1)
SERVICES = ["ironing", "sitter", "cleaning"]
days = st.integers(0, 3).map(lambda n: DAY + timedelta(days=n))
some_services = st.none() | st.frozensets(st.sampled_from(SERVICES))


@st.composite
def quotes(draw, lines=5, vouchers=4, grants=2, copays=(0, 20_00, 33_33, 50_00), amounts=300):
    """Draw lines, tenders and edits, small enough to enumerate, with amounts that often meet or just miss."""
    cents = st.integers(0, amounts) | st.sampled_from([0, 50, 100, 200])
    quote = [
        Line(
            f"l{i}",
            draw(cents),
            draw(st.sampled_from(SERVICES)),
            "crema",
            draw(days),
            "anna",
            "koala",
            draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, lines)))
    ]
    terms = st.builds(Terms, ends=days.map(lambda day: day + timedelta(days=2)), services=some_services)
    money = [
        VoucherBalance(
            f"v{i}",
            draw(terms),
            tuple(Slice(source, draw(cents)) for source in draw(st.sampled_from(["", "r", "rd", "drx"]))),
            draw(st.sampled_from(copays)),
            {line.id: draw(cents) for line in quote if draw(st.integers(0, 4)) == 0},
            draw(st.booleans()) and draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, vouchers)))
    ]
    credit = [
        CreditGrant(
            f"c{i}", draw(terms), draw(st.integers(0, 3)) * draw(cents), draw(st.sampled_from([None, "m"]))
        )
        for i in range(draw(st.integers(0, grants)))
    ]
    shares = [
        CompanyShare(package, line.id, draw(cents) // 3)
        for line in quote
        for package in "pq"
        if draw(st.integers(0, 3)) == 0
    ]
    tenders = Tenders(tuple(credit), tuple(shares), tuple(money), {"m": draw(st.integers(0, 2 * amounts))})
    ids = [one.id for one in (*credit, *money)] + ["p", "q"]
    edits = Edits(
        off=draw(st.frozensets(st.sampled_from(ids), max_size=1)),
        at_most=draw(st.dictionaries(st.sampled_from(ids), cents, max_size=2)),
        order=tuple(draw(st.permutations(ids))[: draw(st.integers(0, 3))]),
    )
    return quote, tenders, draw(st.just(Edits()) | st.just(edits))


def usable(tender_id, cents, edits):
    return 0 if tender_id in edits.off else min(cents, edits.at_most.get(tender_id, cents))


def balance(voucher, edits):
    return usable(voucher.id, sum(piece.cents for piece in voucher.slices), edits)


def may_pay(terms, line):
    inside = terms.services is None or line.service in terms.services
    return inside and terms.begins <= line.day and line.day < terms.ends


def spent_in_order(vouchers, edits):
    named = {tender: place for place, tender in enumerate(edits.order)}
    return sorted(vouchers, key=lambda v: (v.solidarity, named.get(v.id, 99), v.terms.ends, v.id))


def sums(allocation, *kinds):
    """Return the cents by (tender, line) of these kinds."""
    table = {}
    for line in allocation.lines:
        for part in line.parts:
            if part.kind in kinds:
                table[part.tender, line.line] = table.get((part.tender, line.line), 0) + part.cents
    return table


def dues_of(quote, allocation):
    """Return what is due after company shares, by line; nothing where credit pays."""
    company, credit = sums(allocation, Kind.COMPANY), sums(allocation, Kind.CREDIT)
    on_credit = {line for _, line in credit}
    return {
        line.id: line.price - sum(cents for (_, of), cents in company.items() if of == line.id)
        for line in quote
        if line.id not in on_credit
    }


def co_payment(voucher, due):
    return ceil(Fraction(voucher.copay, 10_000) * due)


@given(quotes())
def test_every_cent_of_every_line_is_paid_once(drawn):
    quote, tenders, edits = drawn

    allocation = allocate(quote, tenders, edits)

    assert sorted(line.line for line in allocation.lines) == sorted(line.id for line in quote)
    for line in allocation.lines:
        assert sum(part.cents for part in line.parts) == line.price
        assert all(part.cents > 0 for part in line.parts)
        assert len({(part.tender, part.source) for part in line.parts}) == len(line.parts)
    assert allocation.card == sum(sums(allocation, Kind.CARD).values())


@given(quotes())
def test_nobody_pays_more_than_balance_edits_and_rules_allow(drawn):
    quote, tenders, edits = drawn
    allocation = allocate(quote, tenders, edits)
    dues, lines = dues_of(quote, allocation), {line.id: line for line in quote}
    by_voucher, by_package = sums(allocation, Kind.VOUCHER), sums(allocation, Kind.COMPANY)

    for voucher in tenders.vouchers:
        mine = {line: cents for (v, line), cents in by_voucher.items() if v == voucher.id}
        assert sum(mine.values()) <= balance(voucher, edits)
        for line, cents in mine.items():
            assert may_pay(voucher.terms, lines[line])
            assert cents <= voucher.limits.get(line, cents)
            paid_by_all = sum(c for (_, of), c in by_voucher.items() if of == line)
            assert paid_by_all <= dues[line] - co_payment(voucher, dues[line])
    for package in "pq":
        given_to = {share.line: share.cents for share in tenders.shares if share.package == package}
        mine = {line: cents for (p, line), cents in by_package.items() if p == package}
        assert all(cents <= given_to[line] for line, cents in mine.items())
        assert sum(mine.values()) <= usable(package, sum(given_to.values()), edits)
    for use in allocation.uses:
        assert use.unused >= 0
        assert use.used == sum(
            p.cents for line in allocation.lines for p in line.parts if p.tender == use.tender
        )


@given(quotes())
def test_sources_are_spent_in_the_calls_order(drawn):
    quote, tenders, edits = drawn
    allocation = allocate(quote, tenders, edits)

    for voucher in tenders.vouchers:
        spent = [part for line in allocation.lines for part in line.parts if part.tender == voucher.id]
        order = [piece.source for piece in voucher.slices]
        assert [order.index(part.source) for part in spent] == sorted(
            order.index(part.source) for part in spent
        )
        left = sum(part.cents for part in spent)
        for piece in voucher.slices:
            of_source = sum(part.cents for part in spent if part.source == piece.source)
            assert of_source == min(left, piece.cents)
            left -= of_source


@given(quotes())
def test_credit_pays_eligible_lines_whole_and_alone_within_its_balance_and_meter(drawn):
    quote, tenders, edits = drawn
    allocation, lines = allocate(quote, tenders, edits), {line.id: line for line in quote}

    for line in allocation.lines:
        if any(part.kind is Kind.CREDIT for part in line.parts):
            assert len(line.parts) == 1
    metered = 0
    for grant in tenders.credits:
        mine = [lines[line] for c, line in sums(allocation, Kind.CREDIT) if c == grant.id]
        assert all(may_pay(grant.terms, line) for line in mine)
        assert sum(line.price for line in mine) <= usable(grant.id, grant.balance, edits)
        metered += sum(line.price for line in mine if line.fringe and grant.meter)
    assert metered <= tenders.fringe_room["m"]


@given(quotes(amounts=120))
def test_the_card_is_raised_to_the_smallest_charge_by_the_last_vouchers_and_no_further(drawn):
    quote, tenders, edits = drawn
    free = allocate(quote, tenders, edits, smallest_charge=0)
    charged = allocate(quote, tenders, edits)
    before, after = sums(free, Kind.VOUCHER), sums(charged, Kind.VOUCHER)

    missing = 50 - free.card if 0 < free.card < 50 else 0
    missing = min(missing, sum(before.values()))
    assert charged.card == free.card + missing
    assert charged.card_too_small == (0 < charged.card < 50)
    for voucher in reversed(spent_in_order(tenders.vouchers, edits)):
        was = sum(cents for (v, _), cents in before.items() if v == voucher.id)
        now = sum(cents for (v, _), cents in after.items() if v == voucher.id)
        assert was - now == min(was, missing)
        missing -= was - now
    assert sums(free, Kind.CREDIT, Kind.COMPANY) == sums(charged, Kind.CREDIT, Kind.COMPANY)


@given(quotes(), st.randoms(use_true_random=False))
def test_input_in_another_order_gives_the_same_bytes(drawn, dice):
    quote, tenders, edits = drawn

    def shuffled(things):
        return tuple(dice.sample(list(things), len(things)))

    other = Tenders(
        shuffled(tenders.credits),
        shuffled(tenders.shares),
        shuffled([replace(v, limits=dict(shuffled(list(v.limits.items())))) for v in tenders.vouchers]),
        dict(tenders.fringe_room),
    )

    again = allocate(
        shuffled(quote), other, replace(edits, at_most=dict(shuffled(list(edits.at_most.items()))))
    )

    assert repr(again) == repr(allocate(quote, tenders, edits))


@given(quotes())
def test_whoever_pays_nothing_of_a_line_is_told_one_rule(drawn):
    quote, tenders, edits = drawn
    allocation = allocate(quote, tenders, edits)
    lines, paid = {line.id: line for line in quote}, sums(allocation, Kind.VOUCHER, Kind.CREDIT)

    silent = {
        (tender.id, line.id) for tender in (*tenders.credits, *tenders.vouchers) for line in quote
    } - set(paid)
    told = {(refusal.tender, refusal.line): refusal.rule for refusal in allocation.refusals}
    assert set(told) == silent
    assert len(told) == len(allocation.refusals)

    unused = {use.tender: use.unused for use in allocation.uses}
    for tender in (*tenders.credits, *tenders.vouchers):
        off = tender.id in edits.off or edits.at_most.get(tender.id) == 0
        for line in (line for pair, line in silent if pair == tender.id):
            is_told = told[tender.id, line]
            assert (is_told is Rule.OFF) == off
            assert off or (is_told in {Rule.SERVICE, Rule.DATE}) == (not may_pay(tender.terms, lines[line]))
            if (
                is_told is Rule.EXHAUSTED
                and isinstance(tender, VoucherBalance)
                and tender.id not in edits.at_most
            ):
                assert unused[tender.id] == 0
