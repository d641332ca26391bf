"""Fund a hold: Stripe has collected, the money is there but not yet earned."""

from datetime import datetime

from django.db import transaction

from ledger.chart import card_held, card_world
from ledger.models import Hold
from ledger.post import Move, post


def fund_card_hold(hold_id: int, *, now: datetime) -> None:
    """Post C.world → C.held for the whole hold. Again, it changes nothing."""
    with transaction.atomic():
        hold = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
        move = Move(card_world(), card_held(hold.pk), hold.amount_cents)
        if post(key=f"fund:{hold.pk}", event="collected", district_id=hold.district_id, moves=[move], at=now):
            hold.move_to(Hold.State.HELD)
            hold.save(update_fields=["state"])
