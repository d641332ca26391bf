"""Kept times change hands: a stranger has signed in, and what they kept is the person's now."""

from collections.abc import Collection

from providers.behind import Behind, lock_behind
from providers.models import SlotHold
from providers.places import lock_slots


def reassign_slot_holds(hold_ids: Collection[int], *, keeper: str, person: str) -> None:
    """Count kept holds as that keeper's and that person's, inside the caller's transaction.

    Nothing is refused here: who keeps too much now keeps nothing more until some of it is paid or given back.
    """
    lock_behind(Behind(person=person))
    holds = SlotHold.objects.filter(pk__in=hold_ids, state=SlotHold.State.KEPT)
    lock_slots(set(holds.values_list("slot_id", flat=True)))
    holds.update(keeper=keeper, person=person)
