"""Keep a time in the basket."""

from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.models import Listing
from catalogue.quantity import check_quantity
from checkout.keeping import AlreadyKept, keep_one, lock_open_basket, slots_kept_in
from checkout.models import Booking
from kernel.actor import Actor
from providers.behind import Behind
from providers.keep_slot import slot_of


def keep_booking(
    *,
    basket: Any,
    listing: Listing,
    slot_id: int,
    quantity_milli: int,
    address: str,
    by: Actor,
    now: datetime,
    again: bool = False,
) -> Booking:
    """Take a place of one of the listing's slots and put the booking into the basket.

    ``basket`` is the request's, open or not yet saved, with its strategy; ``address`` the hash of the network
    address it comes from, empty where there is none. ``again`` says that having a time twice is meant.

    :raises Slot.DoesNotExist: the slot is not the listing's.
    :raises QuantityTooSmall, QuantityTooLarge, QuantityOffStep: that quantity cannot be ordered here.
    :raises AlreadyKept: the basket keeps that time, and nobody said that it is wanted twice.
    :raises SlotPast, SlotFull, TooFewPlaces, TooManyKept, TooManyFromHere: that time cannot be kept.
    :raises BasketClosed: another tab has begun to pay for this basket.
    """
    check_quantity(listing, quantity_milli)
    slot = slot_of(listing.pk, slot_id)
    with transaction.atomic():
        lock_open_basket(basket)
        if not again and slot.pk in slots_kept_in(basket.pk, now):
            raise AlreadyKept
        return keep_one(
            basket=basket,
            listing=listing,
            slot_id=slot.pk,
            quantity_milli=quantity_milli,
            behind=Behind.by(by, address=address),
            by=by,
            now=now,
        )
