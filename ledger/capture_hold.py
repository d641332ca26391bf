"""Capture a hold: the service was delivered, what was set aside is the cooperative's."""

from datetime import datetime

from django.db import transaction

from ledger.chart import card_held, card_own, card_payable
from ledger.models import Hold
from ledger.post import Move, post


class HoldFrozen(RuntimeError):
    """A dispute has frozen the hold: nothing moves until it is decided."""


def capture_card_hold(hold_id: int, *, cooperative_id: int, commission: int, now: datetime) -> None:
    """Post all that is open: C.held → C.payable, and of it ``commission`` cents → C.own. Again, nothing moves.

    :raises HoldFrozen: the hold is in dispute.
    """
    with transaction.atomic():
        hold = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
        if hold.state == Hold.State.CLOSED and hold.captured_cents:
            return
        if hold.frozen:
            raise HoldFrozen(str(hold))
        hold.move_to(Hold.State.CLOSED)
        payable = card_payable(cooperative_id)
        moves = [Move(card_held(hold.pk), payable, hold.open_cents)]
        if commission:
            moves.append(Move(payable, card_own(), commission))
        post(key=f"capture:{hold.pk}", event="captured", district_id=hold.district_id, moves=moves, at=now)
        hold.captured_cents, hold.open_cents = hold.captured_cents + hold.open_cents, 0
        hold.save(update_fields=["state", "captured_cents", "open_cents"])
