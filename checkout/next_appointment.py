"""What a person has booked next."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Upper

from checkout.models import Booking
from people.models import User


def next_appointment(user: User | AnonymousUser, *, district_id: int, now: datetime) -> Booking | None:
    """Return the person's soonest confirmed booking that is not over, with its purchase and times; else none."""
    if not isinstance(user, User):
        return None
    return (
        Booking.objects.filter(
            state=Booking.State.CONFIRMED, purchase__holder__user=user, purchase__district=district_id
        )
        .select_related("listing", "cooperative__partner", "slot_hold__slot", "purchase__district")
        .alias(ends=Upper("slot_hold__slot__period"))
        .filter(ends__gt=now)
        .order_by("ends", "pk")
        .first()
    )
