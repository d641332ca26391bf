"""Keep a series: the times that a family chose of a weekly row, all of them or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalogue.models import Listing
from catalogue.quantity import check_quantity
from checkout.keeping import AlreadyKept, keep_one, lock_open_basket, slots_kept_in
from checkout.models import Booking, new_series_code
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.behind import Behind, lock_behind
from providers.keep_slot import SlotFull, SlotPast, TooFewPlaces
from providers.models import Slot
from providers.places import lock_slots


class SomeTimesGone(DomainError):
    """Carries ``gone``: why each time that cannot be kept cannot, by the slot's key."""

    code = "some_times_gone"
    message = _(
        "Meanwhile one of these times is gone, so none is kept. Choose again for the dates marked below."
    )

    def __init__(self, gone: dict[int, DomainError]) -> None:
        self.gone = gone
        super().__init__()


def keep_series(
    *,
    basket: Any,
    listing: Listing,
    slot_ids: Sequence[int],
    quantity_milli: int,
    address: str,
    by: Actor,
    now: datetime,
) -> list[Booking]:
    """Take a place of each slot, in one transaction, and put the bookings into the basket as one series.

    Arguments as of ``keep_booking``. A single slot is no series.

    :raises Slot.DoesNotExist: a slot is not the listing's.
    :raises QuantityTooSmall, QuantityTooLarge, QuantityOffStep: that quantity cannot be ordered here.
    :raises SomeTimesGone: a time cannot be kept, or is in the basket already; nothing is kept.
    :raises TooManyKept, TooManyFromHere: with these it would be too many; nothing is kept.
    :raises BasketClosed: another tab has begun to pay for this basket.
    """
    check_quantity(listing, quantity_milli)
    wanted = set(slot_ids)
    if Slot.objects.filter(listing=listing, pk__in=wanted).count() != len(wanted):
        raise Slot.DoesNotExist
    behind = Behind.by(by, address=address)
    series = new_series_code() if len(wanted) > 1 else ""
    gone: dict[int, DomainError] = {}
    kept: list[Booking] = []
    with transaction.atomic():
        lock_open_basket(basket)
        lock_behind(behind)
        # All at once and by key: two series that meet wait in line instead of crosswise.
        lock_slots(wanted)
        gone |= {slot_id: AlreadyKept() for slot_id in wanted & slots_kept_in(basket.pk, now)}
        for slot_id in sorted(wanted - gone.keys(), key=list(slot_ids).index):
            try:
                booking = keep_one(
                    basket=basket,
                    listing=listing,
                    slot_id=slot_id,
                    quantity_milli=quantity_milli,
                    behind=behind,
                    by=by,
                    now=now,
                    series=series,
                )
            except (SlotFull, SlotPast, TooFewPlaces) as refusal:
                gone[slot_id] = refusal
            else:
                kept.append(booking)
        if gone:
            raise SomeTimesGone(gone)
    return kept
