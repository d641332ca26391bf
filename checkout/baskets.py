"""Oscar's basket as we use it: one line of quantity 1 a booking."""

from typing import Any

from oscar.apps.basket.models import Basket
from oscar.apps.catalogue.models import Option

from checkout.models import Booking

# The line's reference hashes the option's name: neither is ever translated or renamed.
BOOKING_OPTION = "booking"


def locked_basket(basket_id: int) -> Any:
    """Lock a basket's row, inside a transaction: the first lock of keeping, changing and placing."""
    return Basket.objects.select_for_update(no_key=True).get(pk=basket_id)


def bookings_in(basket_id: int | None) -> list[Booking]:
    """Return the bookings kept in a basket, in the order they were put there, with all a page shows of them."""
    if basket_id is None:
        return []
    return list(
        Booking.objects.filter(state=Booking.State.KEPT, line__basket=basket_id)
        .select_related(
            "listing__kind",
            "listing__tax_profile",
            "listing__withdrawal_profile",
            "listing__stockrecord__product",
            "cooperative__partner",
            "slot_hold__slot",
            "line",
        )
        .prefetch_related("listing__tax_profile__rates", "listing__withdrawal_profile__rules")
        .order_by("pk")
    )


def put_in_basket(basket: Any, booking: Booking) -> None:
    """Add the line that stands for a booking."""
    option, _ = Option.objects.get_or_create(code=BOOKING_OPTION, defaults={"name": BOOKING_OPTION})
    line, _ = basket.add_product(
        booking.listing.stockrecord.product, 1, options=[{"option": option, "value": booking.code}]
    )
    booking.line = line
    booking.save(update_fields=["line"])
