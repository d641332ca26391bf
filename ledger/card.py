"""Card money after it was collected: Stripe's fee, refunds on their way, disputes."""

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from ledger.chart import (
    card_fees,
    card_own,
    card_payable,
    card_refund,
    card_world,
    due,
)
from ledger.holds import freeze, note_undone, take_for_refund
from ledger.locks import locked_hold
from ledger.post import Move, is_posted, post, post_move
from ledger.take_from_sum import from_payable, move_from_sum

LOST = ("dispute-lost", "dispute-owed")


class DisputeDecided(RuntimeError):
    """A dispute was reported as won and as lost: somebody must look which is true."""


def book_card_fee(*, payment: str, district_id: int, cents: int, by: Actor, now: datetime) -> None:
    """Stripe kept ``cents`` of a payment: C.own → C.fees."""
    if cents:
        moves = [Move(card_own(), card_fees(), cents)]
        post(key=f"fee:{payment}", event="fee", district_id=district_id, moves=moves, by=by, now=now)


# --- Refunds: asked, then done; or bounced, then paid by hand ----------------------------------------------
def ask_refund(hold_id: int, cents: int, *, refund: str, by: Actor, now: datetime) -> bool:
    """Take ``cents`` of an undelivered hold for a refund: C.held → C.refund.

    :raises HoldFrozen: refunding a disputed charge would pay twice.
    :raises HoldTooSmall: less than that is open.
    """
    return take_for_refund(
        hold_id, cents, refund=card_refund(refund), key=f"{refund}:{hold_id}", by=by, now=now
    )


def ask_refund_of_delivered(
    hold_id: int, cents: int, *, cooperative_id: int, refund: str, by: Actor, now: datetime
) -> bool:
    """Take ``cents`` that were captured back from the cooperative for a refund: its payable, else its debt.

    :raises HoldFrozen: refunding a disputed charge would pay twice.
    :raises ValueError: less than that was captured.
    """
    key = f"refund-delivered:{refund}:{hold_id}"
    with transaction.atomic():
        hold = locked_hold(hold_id)
        if is_posted(key):
            return False
        moves = from_payable(hold.district_id, card_payable(cooperative_id), cents, card_refund(refund))
        note_undone(hold_id, cents)
        return post(key=key, event="undone", district_id=hold.district_id, moves=moves, by=by, now=now)


def refund_done(*, refund: str, district_id: int, cents: int, by: Actor, now: datetime) -> None:
    """Stripe has given the money back: C.refund → C.world.

    :raises TooLittleThere: less than that is on its way.
    """
    move_from_sum(
        "refund-done",
        refund,
        Move(card_refund(refund), card_world(), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def refund_bounced(*, refund: str, district_id: int, cents: int, by: Actor, now: datetime) -> None:
    """The family's bank sent it back: C.world → C.refund."""
    post_move(
        "refund-bounced",
        refund,
        Move(card_world(), card_refund(refund), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def refund_by_hand(*, refund: str, district_id: int, cents: int, by: Actor, now: datetime) -> None:
    """An accountant paid it from the platform's own bank: C.refund → C.own.

    :raises TooLittleThere: less than that came back.
    """
    move_from_sum(
        "refund-by-hand",
        refund,
        Move(card_refund(refund), card_own(), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


# --- Disputes ----------------------------------------------------------------------------------------------
def dispute_opened(
    *, dispute: str, district_id: int, cents: int, fee: int, hold_ids: list[int], by: Actor, now: datetime
) -> None:
    """Stripe took the disputed cents and its fee from our balance; the holds are frozen meanwhile."""
    with transaction.atomic():
        _lock(hold_ids)
        moves = [
            Move(card_own(), card_world(), cents),
            *([Move(card_own(), card_fees(), fee)] if fee else []),
        ]
        # Told again after it was decided, it must not freeze anew.
        if post(
            key=f"dispute:{dispute}", event="dispute", district_id=district_id, moves=moves, by=by, now=now
        ):
            freeze(hold_ids, frozen=True)


def dispute_won(
    *, dispute: str, district_id: int, cents: int, hold_ids: list[int], by: Actor, now: datetime
) -> None:
    """Stripe gave the cents back: C.world → C.own, and the holds move again.

    :raises DisputeDecided: it was lost.
    """
    with transaction.atomic():
        _lock(hold_ids)
        if any(is_posted(f"{lost}:{dispute}:{hold_id}") for lost in LOST for hold_id in hold_ids):
            raise DisputeDecided(dispute)
        if post_move(
            "dispute-won",
            dispute,
            Move(card_world(), card_own(), cents),
            district_id=district_id,
            by=by,
            now=now,
        ):
            freeze(hold_ids, frozen=False)


def dispute_lost(*, dispute: str, hold_id: int, cents: int, by: Actor, now: datetime) -> bool:
    """What is open of a frozen hold makes good the loss: C.held → C.own. A proven cooperative keeps its own.

    What was captured of a service that nobody can prove is ``dispute_owed``'s.

    :raises DisputeDecided: it was won.
    :raises HoldTooSmall: less than that is open.
    """
    with transaction.atomic():
        hold = locked_hold(hold_id)
        if is_posted(f"dispute-won:{dispute}"):
            raise DisputeDecided(dispute)
        moves = [Move(hold.account, card_own(), cents)]
        if not post(
            key=f"dispute-lost:{dispute}:{hold_id}",
            event="dispute lost",
            district_id=hold.district_id,
            moves=moves,
            by=by,
            now=now,
        ):
            return False
        hold.frozen = False
        hold.take_open(cents, into="released")
        hold.save(update_fields=["state", "open_cents", "released_cents", "frozen"])
    return True


def dispute_owed(
    *, dispute: str, hold_id: int, cents: int, cooperative_id: int, by: Actor, now: datetime
) -> bool:
    """A lost dispute over a service that is not proven: the cooperative owes what it had captured, C.due → C.own.

    What is open makes good first (``dispute_lost``). What it owes is not captured any more: no refund takes it again.

    :raises DisputeDecided: it was won.
    :raises HoldFrozen: something is open and in dispute still.
    :raises ValueError: less than that was captured.
    """
    with transaction.atomic():
        hold = locked_hold(hold_id)
        if is_posted(f"dispute-won:{dispute}"):
            raise DisputeDecided(dispute)
        if not post(
            key=f"dispute-owed:{dispute}:{hold_id}",
            event="undone",
            district_id=hold.district_id,
            moves=[Move(due(card_payable(cooperative_id)), card_own(), cents)],
            by=by,
            now=now,
        ):
            return False
        if not hold.open_cents:
            hold.frozen = False
        hold.take_captured(cents)
        hold.save(update_fields=["captured_cents", "released_cents", "frozen"])
    return True


def _lock(hold_ids: list[int]) -> None:
    for hold_id in sorted(hold_ids):
        locked_hold(hold_id)
