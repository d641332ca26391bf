"""What keeping times leaves half done, for the sweepers."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min, QuerySet

from outbox.sweeping import Sweep
from providers.models import Slot, SlotHold
from providers.places import lock_slots, release_lapsed


def slots_with_lapsed_holds(now: datetime) -> QuerySet[Slot, int]:
    """Return the slots that keep places for somebody whose time has passed, longest lapsed first."""
    lapsed = SlotHold.objects.filter(state=SlotHold.State.KEPT, until__lte=now)
    slots = Slot.objects.filter(holds__in=lapsed).annotate(lapsed_at=Min("holds__until"))
    return slots.order_by("lapsed_at").values_list("pk", flat=True)


def give_back_lapsed_places(slot_id: int, now: datetime) -> None:
    """Release the lapsed holds of one slot."""
    with transaction.atomic():
        release_lapsed(lock_slots({slot_id})[slot_id], now)


LAPSED_PLACES = Sweep(
    name="lapsed places", every=60, find=slots_with_lapsed_holds, finish=give_back_lapsed_places, most=500
)
