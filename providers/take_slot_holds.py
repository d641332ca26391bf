"""Take placed times for good: the purchase is paid."""

from collections.abc import Collection

from providers.models import SlotHold
from providers.places import lock_slots


def take_slot_holds(hold_ids: Collection[int]) -> None:
    """Mark placed holds as taken, inside the caller's transaction."""
    lock_slots(set(SlotHold.objects.filter(pk__in=hold_ids).values_list("slot_id", flat=True)))
    for hold in SlotHold.objects.filter(pk__in=hold_ids).order_by("pk"):
        hold.end(SlotHold.State.TAKEN)
