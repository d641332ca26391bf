"""Give times back, so that others can have them."""

from collections.abc import Collection

from django.db import transaction

from providers.models import SlotHold
from providers.places import give_back, lock_slots


def release_slot_holds(hold_ids: Collection[int]) -> None:
    """Release holds, kept, placed or taken. Those already released stay so."""
    with transaction.atomic():
        slot_ids = set(SlotHold.objects.filter(pk__in=hold_ids).values_list("slot_id", flat=True))
        slots = lock_slots(slot_ids)
        for hold in (
            SlotHold.objects.filter(pk__in=hold_ids).exclude(state=SlotHold.State.RELEASED).order_by("pk")
        ):
            give_back(slots[hold.slot_id], hold)
