"""Take a booking out of the basket: its time is free again at once."""

from datetime import datetime

from django.db import transaction

from audit.record import record
from checkout.baskets import locked_basket
from checkout.models import Booking
from kernel.actor import Actor
from providers.release_slot_holds import release_slot_holds


def drop_booking(code: str, *, basket_id: int | None, by: Actor, now: datetime) -> Booking:
    """Drop a booking kept in that basket.

    :raises Booking.DoesNotExist: that basket does not keep it.
    """
    if basket_id is None:
        raise Booking.DoesNotExist
    with transaction.atomic():
        locked_basket(basket_id)
        booking = Booking.objects.select_related("listing__kind").get(
            code=code, line__basket=basket_id, state=Booking.State.KEPT
        )
        release_slot_holds([booking.slot_hold_id])
        booking.move_to(Booking.State.DROPPED)
        line, booking.line = booking.line, None
        booking.save(update_fields=["state", "line"])
        if line is not None:
            line.delete()
        district_id = booking.listing.kind.district_id
        record("drop", subject=f"booking:{booking.code}", district_id=district_id, by=by, now=now)
    return booking
