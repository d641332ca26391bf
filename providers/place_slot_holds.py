"""Carry kept times over into a purchase: from here they follow its payment, not the clock."""

from collections.abc import Collection
from datetime import datetime

from providers.behind import UNKNOWN, Behind, check_limits, lock_behind
from providers.keep_slot import SlotFull, SlotPast, is_too_late
from providers.models import SlotHold
from providers.places import lock_slots, release_lapsed, take


def place_slot_holds(hold_ids: Collection[int], *, now: datetime, behind: Behind = UNKNOWN) -> dict[int, int]:
    """Mark holds as placed, inside the caller's transaction; return which hold now stands for which.

    A hold that lapsed while the person was typing is taken anew if its time is still free. Whoever has locked
    slots before holds ``lock_behind`` already.

    :raises SlotFull: a lapsed one's place has gone to somebody else; nothing is placed.
    :raises SlotPast: a lapsed one can no longer be served in time; nothing is placed. Both carry the ``hold``.
    :raises TooManyKept, TooManyFromHere: this person or address keeps too much to take a lapsed one anew.
    """
    lock_behind(behind)
    slots = lock_slots(set(SlotHold.objects.filter(pk__in=hold_ids).values_list("slot_id", flat=True)))
    for slot in slots.values():
        release_lapsed(slot, now)
    placed = {}
    for hold in SlotHold.objects.filter(pk__in=hold_ids).order_by("pk"):
        original = hold.pk
        if hold.state == SlotHold.State.RELEASED:
            slot = slots[hold.slot_id]
            if is_too_late(slot, now):
                raise SlotPast(hold=original)
            if slot.free < hold.places:
                raise SlotFull(hold=original)
            check_limits(behind, slot, places=hold.places, now=now)
            take(slot, hold.places)
            hold = SlotHold(  # noqa: PLW2901
                slot=slot,
                places=hold.places,
                keeper=hold.keeper,
                until=now,
                person=behind.person,
                address=behind.address,
            )
        hold.move_to(SlotHold.State.PLACED)
        hold.save()
        placed[original] = hold.pk
    return placed
