"""Keep the basket's times fifteen minutes longer, and those that lapsed anew if nobody took them."""

from datetime import datetime

from django.db import transaction

from checkout.baskets import bookings_in, locked_basket
from checkout.models import Booking
from providers.extend_slot_hold import extend_slot_hold
from providers.keep_slot import keep_slot
from providers.models import SlotHold


def keep_longer(*, basket_id: int, now: datetime) -> list[Booking]:
    """Keep every time of the basket until fifteen minutes from ``now``.

    :raises NoMoreExtensions: one was extended as often as may be.
    :raises SlotFull, SlotPast: one had lapsed, and cannot be had again.
    """
    with transaction.atomic():
        locked_basket(basket_id)
        # One slot at a time, in the order of their keys: the order in which every verb locks them.
        bookings = sorted(bookings_in(basket_id), key=lambda booking: booking.slot_hold.slot_id)
        for booking in bookings:
            hold = booking.slot_hold
            if hold.state == SlotHold.State.KEPT and not hold.has_lapsed(now):
                booking.slot_hold = extend_slot_hold(hold.pk, now=now)
            else:
                booking.slot_hold = keep_slot(hold.slot_id, keeper=f"basket:{basket_id}", now=now)
                booking.save(update_fields=["slot_hold"])
    return bookings
