"""Keep a time for somebody who is still choosing: fifteen minutes, as at a ticket shop."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from providers.behind import MOST_OF_A_SLOT, UNKNOWN, Behind, TooManyKept, check_limits, lock_behind
from providers.models import Slot, SlotHold
from providers.places import lock_slots, release_lapsed, take

KEPT_FOR = timedelta(minutes=15)
MOST_EXTENSIONS = 10
MOST_KEPT = 8


class SlotFull(DomainError):
    code = "slot_full"
    message = _(
        "Somebody has just taken the last place at this time. Choose another time: nothing was charged."
    )


class SlotPast(DomainError):
    code = "slot_past"
    message = _("It is too late to book this time. Choose a later one.")


class TooFewPlaces(DomainError):
    code = "too_few_places"
    message = _("%(free)s places are left and you ask for %(asked)s. Take fewer, or choose another time.")


def keep_slot(
    slot_id: int, *, keeper: str, now: datetime, places: int = 1, behind: Behind = UNKNOWN
) -> SlotHold:
    """Take places of the slot for ``keeper`` (``basket:12``) until fifteen minutes from ``now``.

    One keeper keeps few times, and few places of one, so that nobody squats a day; nor does who has many baskets.

    :raises SlotPast: the listing's lead time no longer allows it.
    :raises SlotFull: no place is free.
    :raises TooFewPlaces: some are, but fewer than asked for.
    :raises TooManyKept: this keeper, or the person behind it, keeps too much already.
    :raises TooManyFromHere: the network address behind it does.
    """
    with transaction.atomic():
        lock_behind(behind)
        # Lock before judging: the next one must see the place this one takes.
        slot = lock_slots({slot_id})[slot_id]
        release_lapsed(slot, now)
        if is_too_late(slot, now):
            raise SlotPast
        kept = SlotHold.objects.filter(keeper=keeper, state=SlotHold.State.KEPT, until__gt=now)
        if kept.count() >= MOST_KEPT or kept.filter(slot=slot).count() >= MOST_OF_A_SLOT:
            raise TooManyKept
        if slot.free < 1:
            raise SlotFull
        if slot.free < places:
            raise TooFewPlaces(free=slot.free, asked=places)
        check_limits(behind, slot, places=places, now=now)
        take(slot, places)
        return SlotHold.objects.create(
            slot=slot,
            places=places,
            keeper=keeper,
            until=now + KEPT_FOR,
            person=behind.person,
            address=behind.address,
        )


def is_too_late(slot: Slot, now: datetime) -> bool:
    """Return whether the listing's lead time no longer allows that slot."""
    return slot.starts_at < now + timedelta(hours=slot.listing.lead_time_hours)


def slot_of(listing_id: int, slot_id: int) -> Slot:
    """Return a slot of that listing.

    :raises Slot.DoesNotExist: it is another listing's, or nobody's.
    """
    return Slot.objects.select_related("listing").get(pk=slot_id, listing_id=listing_id)
