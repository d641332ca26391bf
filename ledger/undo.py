"""A delivery undone: public and companies' money goes back to its source, and the cooperative gets its shares back.

A card's money goes back to the family by ``card.ask_refund_of_delivered``; its shares come back from here as well.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum

from kernel.actor import Actor
from ledger.chart import AccountName, Book, card_fund, card_own, card_payable
from ledger.holds import note_undone
from ledger.locks import lock_account, locked_hold
from ledger.models import Entry
from ledger.post import Move, is_posted, post
from ledger.sums import lies_in
from ledger.take_from_sum import TooLittleThere, from_payable


class SharesNotTaken(RuntimeError):
    """More commission or fund's part was to be given back than was taken for that delivery: a bug in whoever asked."""


def undo_capture(
    hold_id: int,
    cents: int,
    *,
    payable: AccountName,
    key: str,
    by: Actor,
    now: datetime,
    to: AccountName | None = None,
) -> bool:
    """Give captured ``cents`` of a public or a company's hold back to where they came from, or to ``to``.

    ``payable``, what it lacks from the debt beside it, → the hold's source. ``to`` is the lapsed account of a
    voucher that ended meanwhile. Return whether this call did it.

    :raises ValueError: less than that was captured; or it is a card's, which goes back by a refund.
    """
    posted = f"undo:{key}:{hold_id}"
    with transaction.atomic(savepoint=False):
        hold = locked_hold(hold_id)
        if hold.book == Book.CARD:
            raise ValueError(f"{hold}: a card's hold is refunded, not undone")
        if is_posted(posted):
            return False
        moves = from_payable(hold.district_id, payable, cents, to or hold.source)
        note_undone(hold_id, cents)
        return post(key=posted, event="undone", district_id=hold.district_id, moves=moves, by=by, now=now)


def give_back_shares(
    delivery: str,
    *,
    district_id: int,
    cooperative_id: int,
    commission: int,
    fund: int = 0,
    ref: str,
    by: Actor,
    now: datetime,
) -> bool:
    """Give a cooperative back ``commission`` and ``fund`` cents of what ``delivery`` cost it: own, fund → C.payable.

    ``delivery`` is the key it was captured with (``booking:12``), ``ref`` names the act: several may give back parts.
    The caller says how many cents, because a goodwill refund may leave the commission where it is.

    :raises SharesNotTaken: more than was taken for that delivery and not given back yet.
    :raises TooLittleThere: the fund is with the foundation already.
    """
    payable, key = card_payable(cooperative_id), f"shares-back:{delivery}/{ref}"
    shares = [(card_own(), commission), (card_fund(), fund)]
    with transaction.atomic(savepoint=False):
        lock_account(district_id, payable)
        if fund:
            lock_account(district_id, card_fund())
        if is_posted(key):
            return False
        for share, cents in shares:
            if cents > (left := _taken(delivery, share)):
                raise SharesNotTaken(f"{delivery}: {left} left in {share}, {cents} to give back")
        if fund and (there := lies_in(district_id, card_fund())) < fund:
            raise TooLittleThere(f"{card_fund()}: {there} there, {fund} to give back for {delivery}")
        moves = [Move(share, payable, cents) for share, cents in shares if cents]
        return post(key=key, event="shares back", district_id=district_id, moves=moves, by=by, now=now)


def _taken(delivery: str, share: AccountName) -> int:
    """Return how many cents of that share a delivery has cost so far, less what came back."""
    of_delivery = Q(transfer__key=f"shares:{delivery}") | Q(
        transfer__key__startswith=f"shares-back:{delivery}/"
    )
    entries = Entry.objects.filter(of_delivery, account__book=share.book, account__kind=share.kind)
    return entries.aggregate(cents=Sum("cents"))["cents"] or 0
