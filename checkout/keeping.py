"""What keeping one time and keeping a series share: a place of a slot, a booking, its line in the basket."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.models import Basket

from audit.record import record
from catalogue.models import Listing
from checkout.baskets import locked_basket, put_in_basket
from checkout.models import Booking
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.behind import Behind
from providers.keep_slot import keep_slot
from providers.models import Cooperative, SlotHold


class BasketClosed(DomainError):
    code = "basket_closed"
    message = _("You have just begun to pay in another window. Finish there, then choose this time again.")


class AlreadyKept(DomainError):
    code = "already_kept"
    message = _("You have this time in your basket already. Do you want it twice?")


def lock_open_basket(basket: Any) -> None:
    """Lock the request's basket, saved at need, inside a transaction.

    :raises BasketClosed: another tab has begun to pay for it.
    """
    if basket.pk is None:
        basket.save()
    # What the request read may be old by now, either way: the locked row decides.
    basket.status = locked_basket(basket.pk).status
    if basket.status != Basket.OPEN:
        raise BasketClosed


def keeper_of(basket_id: int) -> str:
    """Return the name under which a basket keeps its places."""
    return f"basket:{basket_id}"


def slots_kept_in(basket_id: int | None, now: datetime) -> set[int]:
    """Return the keys of the slots of which a basket keeps a place that has not lapsed."""
    if basket_id is None:
        return set()
    holds = SlotHold.objects.filter(keeper=keeper_of(basket_id), state=SlotHold.State.KEPT, until__gt=now)
    return set(holds.values_list("slot_id", flat=True))


def keep_one(
    *,
    basket: Any,
    listing: Listing,
    slot_id: int,
    quantity_milli: int,
    behind: Behind,
    by: Actor,
    now: datetime,
    series: str = "",
) -> Booking:
    """Take a place for a locked basket and put its booking there.

    :raises SlotPast, SlotFull, TooFewPlaces, TooManyKept, TooManyFromHere: that time cannot be kept.
    """
    places = listing.places_for(quantity_milli)
    hold = keep_slot(slot_id, keeper=keeper_of(basket.pk), now=now, places=places, behind=behind)
    booking = Booking.objects.create(
        listing=listing,
        cooperative=Cooperative.objects.get(partner=listing.partner_id),
        slot_hold=hold,
        quantity_milli=quantity_milli,
        series=series,
    )
    put_in_basket(basket, booking)
    record("keep", subject=f"booking:{booking.code}", district_id=listing.kind.district_id, by=by, now=now)
    return booking
