"""Take from an account that is a sum: under its lock, and never more than lies in it.

Such an account has no balance row whose CHECK would refuse, because nobody spends from it while a family waits:
what is lapsed, on its way, or the fund's. Its lock does what the CHECK does elsewhere.
"""

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from ledger.chart import AccountName, due
from ledger.locks import lock_account
from ledger.post import Move, is_posted, post_move
from ledger.sums import lies_in


class TooLittleThere(RuntimeError):
    """More was to be taken from an account than lies in it: a bug, or a fact that somebody must look at."""


def move_from_sum(verb: str, ref: str, move: Move, *, district_id: int, by: Actor, now: datetime) -> bool:
    """Post an event of one move out of a sum, once for each ``verb`` and ``ref``; return whether it was new.

    :raises TooLittleThere: less than that lies there; nothing is posted.
    :raises TransferKeyReused: as ``post`` does.
    """
    with transaction.atomic(savepoint=False):
        lock_account(district_id, move.source)
        if not is_posted(f"{verb}:{ref}"):
            there = lies_in(district_id, move.source)
            if there < move.cents:
                raise TooLittleThere(f"{move.source}: {there} there, {move.cents} wanted by {verb}:{ref}")
        return post_move(verb, ref, move, district_id=district_id, by=by, now=now)


def from_payable(district_id: int, payable: AccountName, cents: int, target: AccountName) -> list[Move]:
    """Return the moves that take ``cents`` from a cooperative: from its payable, what that lacks as its debt beside it.

    Locks the payable, so that nobody else takes the same cents.
    """
    lock_account(district_id, payable)
    there = min(cents, max(0, lies_in(district_id, payable)))
    debt = cents - there
    return [
        *([Move(payable, target, there)] if there else []),
        *([Move(due(payable), target, debt)] if debt else []),
    ]
