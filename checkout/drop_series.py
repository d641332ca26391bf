"""Take a whole series out of the basket: its times are free again at once."""

from datetime import datetime

from django.db import transaction

from checkout.baskets import locked_basket
from checkout.drop_booking import drop_booking
from checkout.models import Booking
from kernel.actor import Actor
from providers.places import lock_slots


def drop_series(series: str, *, basket_id: int | None, by: Actor, now: datetime) -> list[Booking]:
    """Drop every booking of a series that is still kept in that basket.

    :raises Booking.DoesNotExist: that basket keeps none of it.
    """
    if basket_id is None or not series:
        raise Booking.DoesNotExist
    with transaction.atomic():
        locked_basket(basket_id)
        kept = Booking.objects.filter(series=series, line__basket=basket_id, state=Booking.State.KEPT)
        bookings = list(kept.select_related("slot_hold").order_by("pk"))
        if not bookings:
            raise Booking.DoesNotExist
        lock_slots({booking.slot_hold.slot_id for booking in bookings})
        return [drop_booking(booking.code, basket_id=basket_id, by=by, now=now) for booking in bookings]
