"""Keep the basket's times fifteen minutes longer, and those that lapsed anew if nobody took them."""

from datetime import datetime

from django.db import transaction

from audit.record import record
from checkout.baskets import bookings_in, locked_basket
from checkout.models import Booking
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.extend_slot_hold import extend_slot_hold
from providers.keep_slot import keep_slot


def keep_longer(*, basket_id: int, by: Actor, now: datetime) -> list[tuple[Booking, DomainError]]:
    """Keep every time of the basket that can be kept until fifteen minutes from ``now``.

    Return the bookings that could not be kept, each with the refusal: one lost time costs no other.
    """
    refused = []
    with transaction.atomic():
        locked_basket(basket_id)
        # One slot at a time, in the order of their keys: the order in which every verb locks them.
        bookings = sorted(bookings_in(basket_id), key=lambda booking: booking.slot_hold.slot_id)
        for booking in bookings:
            try:
                _keep(booking, basket_id, now)
            except DomainError as refusal:
                refused.append((booking, refusal))
            else:
                district_id = booking.listing.kind.district_id
                record(
                    "keep longer", subject=f"booking:{booking.code}", district_id=district_id, by=by, now=now
                )
    return refused


def _keep(booking: Booking, basket_id: int, now: datetime) -> None:
    hold = booking.slot_hold
    if hold.is_kept(now):
        extend_slot_hold(hold.pk, now=now)
        return
    booking.slot_hold = keep_slot(hold.slot_id, keeper=f"basket:{basket_id}", now=now, places=hold.places)
    booking.save(update_fields=["slot_hold"])
