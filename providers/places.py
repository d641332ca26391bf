"""The places of a slot: the one lock under which they are taken and given back.

Every verb that changes ``Slot.taken`` goes through here, so a lapsed hold is noticed by whoever comes next,
not only by the sweeper.
"""

from datetime import datetime

from django.db.models import F

from providers.models import Slot, SlotHold


def lock_slots(slot_ids: set[int]) -> dict[int, Slot]:
    """Lock slots in the order of their keys; inside a transaction."""
    slots = Slot.objects.select_for_update(no_key=True).filter(pk__in=slot_ids).order_by("pk")
    return {slot.pk: slot for slot in slots}


def release_lapsed(slot: Slot, now: datetime) -> None:
    """Give back what lapsed of a locked slot."""
    for hold in slot.holds.filter(state=SlotHold.State.KEPT, until__lte=now):
        give_back(slot, hold)


def take(slot: Slot, places: int) -> None:
    """Count places of a locked slot as taken.

    The database adds, not we: even where a lock was forgotten, the CHECK on the slot sees every place.
    """
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") + places)
    slot.taken += places


def give_back(slot: Slot, hold: SlotHold) -> None:
    """Release a hold of a locked slot."""
    hold.end(SlotHold.State.RELEASED)
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - hold.places)
    slot.taken -= hold.places
