"""Put back what was taken out of the basket by mistake, if its time is still free."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from audit.record import record
from checkout.baskets import put_in_basket
from checkout.keeping import keeper_of, lock_open_basket
from checkout.models import Booking
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.behind import Behind, lock_behind
from providers.keep_slot import keep_slot


def dropped_from(basket_id: int | None, codes: Collection[str]) -> list[Booking]:
    """Return the bookings with these codes that were taken out of that basket, with their times."""
    if basket_id is None or not codes:
        return []
    dropped = Booking.objects.filter(
        code__in=codes, state=Booking.State.DROPPED, slot_hold__keeper=keeper_of(basket_id)
    )
    related = dropped.select_related("listing__kind", "listing__stockrecord__product", "slot_hold__slot")
    # By slot: the order in which every verb locks them.
    return list(related.order_by("slot_hold__slot", "pk"))


def put_back_bookings(
    codes: Collection[str], *, basket: Any, address: str, by: Actor, now: datetime
) -> list[tuple[Booking, DomainError]]:
    """Keep anew each dropped booking with one of these codes whose time is free; what is back already stays.

    Return the bookings that could not be kept, each with the refusal: one lost time costs no other.

    :raises BasketClosed: another tab has begun to pay for this basket.
    """
    refused = []
    behind = Behind.by(by, address=address)
    with transaction.atomic():
        lock_open_basket(basket)
        lock_behind(behind)
        for booking in dropped_from(basket.pk, codes):
            hold = booking.slot_hold
            try:
                booking.slot_hold = keep_slot(
                    hold.slot_id, keeper=keeper_of(basket.pk), now=now, places=hold.places, behind=behind
                )
            except DomainError as refusal:
                refused.append((booking, refusal))
                continue
            booking.move_to(Booking.State.KEPT)
            booking.save(update_fields=["state", "slot_hold"])
            put_in_basket(basket, booking)
            district_id = booking.listing.kind.district_id
            record("put back", subject=f"booking:{booking.code}", district_id=district_id, by=by, now=now)
    return refused
