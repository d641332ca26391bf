"""Allocate a quote: for each line, which tender pays how many cents, and why.

Source: ``docs/money.md``, Allocation. 1 credits, whole lines; 2 the company's share; 3 vouchers, as much as their
rules allow; 4 the card, the rest. The proposal a person sees and the one that is charged come from this one
function; a change of theirs is an ``Edits``, and the function runs again.
"""

from collections.abc import Iterable, Sequence

from kernel.money import Cents
from ledger.allocation import credits as credit
from ledger.allocation import vouchers as voucher
from ledger.allocation.card import SMALLEST_CHARGE, give_back
from ledger.allocation.choosing import choose
from ledger.allocation.proposal import paid_lines, uses
from ledger.allocation.reasons import Reasons
from ledger.allocation.result import CARD, Allocation
from ledger.allocation.shares import company_shares
from ledger.allocation.tenders import Edits, Line, Tenders

NO_EDITS = Edits()


def allocate(
    lines: Iterable[Line],
    tenders: Tenders,
    edits: Edits = NO_EDITS,
    *,
    smallest_charge: int = SMALLEST_CHARGE,
) -> Allocation:
    """Return who pays what of each line, in cents; the same for the same input, in whatever order it comes.

    Lines are served by day, then id, and come back so. ``smallest_charge`` is the card's, in cents.

    :raises ValueError: an id stands for two lines or two tenders or is the card's, a package pays a line twice or
        a line that is not there, or a credit's meter is not given.
    """
    served = sorted(lines, key=lambda line: (line.day, line.id))
    _check(served, tenders)
    shares = company_shares(served, tenders.shares, edits)
    dues = [line.price - sum(c for _, c in parts) for line, parts in zip(served, shares, strict=True)]
    spending = voucher.Spending(voucher.in_order(tenders.vouchers, edits), served, dues, edits)

    room = tenders.fringe_room
    grants = credit.in_order(tenders.credits, edits)
    purses = [credit.purse_of(grant, served, dues, room, edits) for grant in grants]
    choice = choose(served, purses, room, spending)
    on_credit = {
        place: grant.id for grant, mine in zip(grants, choice, strict=True) for place in sorted(mine)
    }

    most = spending.settle(on_credit).paid
    rest = sum(due for place, due in enumerate(dues) if place not in on_credit) - sum(map(sum, most))
    reasons = Reasons(spending, most, give_back(most, rest, smallest_charge), smallest_charge)

    paid = paid_lines(served, on_credit, shares, reasons)
    card = sum(part.cents for line in paid for part in line.parts if part.tender == CARD)
    return Allocation(
        lines=paid,
        uses=uses(tenders, [grant.id for grant in grants], [one.id for one in spending.vouchers], paid),
        refusals=(
            *credit.against_credits(grants, purses, served, room, choice, edits),
            *reasons.against_vouchers(served, on_credit, edits),
        ),
        card=Cents(card),
        card_too_small=0 < card < smallest_charge,
    )


def _check(lines: Sequence[Line], tenders: Tenders) -> None:
    ids = [line.id for line in lines]
    if len(set(ids)) < len(ids):
        raise ValueError("two lines have one id")
    names = [grant.id for grant in tenders.credits] + [one.id for one in tenders.vouchers]
    names += {share.package for share in tenders.shares}
    if len({*names, CARD}) <= len(names):
        raise ValueError("two tenders have one id, or one has the card's")
    shared = [(share.package, share.line) for share in tenders.shares]
    if len(set(shared)) < len(shared) or not {line for _, line in shared} <= set(ids):
        raise ValueError("a package pays a line twice, or a line that is not there")
    if missing := {grant.meter for grant in tenders.credits} - {None, *tenders.fringe_room}:
        raise ValueError(f"no room is given for the meters {missing}")
