"""Keep a time in the basket."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.models import Basket

from audit.record import record
from catalogue.models import Listing
from catalogue.quantity import check_quantity
from checkout.baskets import locked_basket, put_in_basket
from checkout.models import Booking
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.keep_slot import keep_slot, slot_of
from providers.models import Cooperative


class BasketClosed(DomainError):
    code = "basket_closed"
    message = _("You have just begun to pay in another window. Finish there, then choose this time again.")


def keep_booking(
    *, basket: Any, listing: Listing, slot_id: int, quantity_milli: int, by: Actor, now: datetime
) -> Booking:
    """Take a place of one of the listing's slots and put the booking into the basket.

    ``basket`` is the request's, open or not yet saved, with its strategy.

    :raises Slot.DoesNotExist: the slot is not the listing's.
    :raises QuantityTooSmall, QuantityTooLarge, QuantityOffStep: that quantity cannot be ordered here.
    :raises SlotPast, SlotFull, TooFewPlaces, TooManyKept: that time cannot be kept.
    :raises BasketClosed: another tab has begun to pay for this basket.
    """
    check_quantity(listing, quantity_milli)
    slot = slot_of(listing.pk, slot_id)
    with transaction.atomic():
        if basket.pk is None:
            basket.save()
        # What the request read may be old by now, either way: the locked row decides.
        basket.status = locked_basket(basket.pk).status
        if basket.status != Basket.OPEN:
            raise BasketClosed
        places = listing.places_for(quantity_milli)
        hold = keep_slot(slot.pk, keeper=f"basket:{basket.pk}", now=now, places=places)
        cooperative = Cooperative.objects.get(partner=listing.partner_id)
        booking = Booking.objects.create(
            listing=listing, cooperative=cooperative, slot_hold=hold, quantity_milli=quantity_milli
        )
        put_in_basket(basket, booking)
        record(
            "keep", subject=f"booking:{booking.code}", district_id=listing.kind.district_id, by=by, now=now
        )
    return booking
