"""Delivery in the books: holds become payables, and the cooperative gives commission and solidarity share.

The commission and the fund's part come from the cooperative's card payable; what that lacks becomes its debt.
They are never withheld from public reimbursement nor from a company's money: those invoices are paid whole.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from ledger.chart import AccountName, card_fund, card_own, card_payable, due
from ledger.holds import capture
from ledger.locks import lock_account
from ledger.post import Move, is_posted, post
from ledger.sums import lies_in


@dataclass(frozen=True)
class Capture:
    """So many cents of a hold, into a payable account of the hold's own book."""

    hold_id: int
    cents: int
    payable: AccountName


def capture_delivery(
    captures: list[Capture],
    *,
    district_id: int,
    cooperative_id: int,
    commission: int,
    fund: int = 0,
    key: str,
    by: Actor,
    now: datetime,
) -> None:
    """Capture each hold of a delivered line, then take ``commission`` and ``fund`` cents of it all.

    ``key`` names the delivery (``booking:12``); the same delivery again changes nothing.

    :raises HoldFrozen, HoldTooSmall: a hold cannot give that; nothing is posted.
    """
    with transaction.atomic():
        for part in sorted(captures, key=lambda part: part.hold_id):
            capture(
                part.hold_id, part.cents, payable=part.payable, key=f"{key}:{part.hold_id}", by=by, now=now
            )
        given = commission + fund
        if not given:
            return
        payable = card_payable(cooperative_id)
        lock_account(district_id, payable)
        if is_posted(f"shares:{key}"):
            return
        there = min(given, max(0, lies_in(district_id, payable)))
        sources = [(payable, there), (due(payable), given - there)]
        targets = [(card_own(), commission), (card_fund(), fund)]
        moves = pair(sources, targets)
        post(key=f"shares:{key}", event="shares", district_id=district_id, moves=moves, by=by, now=now)


def pair(sources: list[tuple[AccountName, int]], targets: list[tuple[AccountName, int]]) -> list[Move]:
    """Return the moves that carry the sources' cents to the targets, both in their order."""
    moves = []
    wanted = {name: cents for name, cents in targets if cents}
    for source, cents in sources:
        left = cents
        for target in list(wanted):
            if part := min(left, wanted[target]):
                moves.append(Move(source, target, part))
                wanted[target] -= part
                left -= part
    return moves
