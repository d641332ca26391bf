"""Oscar's basket on the request, without its offers and without a look at the user."""

from collections.abc import Callable
from typing import Any

import oscar.apps.basket.middleware
from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from oscar.apps.basket.models import Basket

from checkout.keeping import keeper_of
from checkout.models import Booking
from providers.reassign_slot_holds import reassign_slot_holds


class BasketMiddleware(oscar.apps.basket.middleware.BasketMiddleware):
    """The basket is loaded when a view asks for it, and costs a page nothing otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def merge_baskets(self, master: Any, slave: Any) -> None:
        """Merge a stranger's basket into the user's at log-in, unless one of them is being paid.

        Oscar merges without a lock and writes back what it read: a basket frozen meanwhile would lose its lines.
        What was kept counts as the person's from now on.
        """
        with transaction.atomic():
            both = Basket.objects.select_for_update(no_key=True).filter(pk__in=[master.pk, slave.pk])
            if all(row.status == Basket.OPEN for row in both.order_by("pk")):
                master.merge(slave, add_quantities=False)
                kept = Booking.objects.filter(line__basket=master.pk, state=Booking.State.KEPT)
                reassign_slot_holds(
                    list(kept.values_list("slot_hold", flat=True)),
                    keeper=keeper_of(master.pk),
                    person=f"user:{master.owner_id}",
                )

    def apply_offers_to_basket(self, request: HttpRequest, basket: Any) -> None:
        """Leave prices alone: group prices are prices, public vouchers are money, neither is an offer."""


def give_basket_back(response: HttpResponse, basket_id: int) -> None:
    """Hand a stranger the basket whose payment came to nothing: Oscar forgot its cookie while it was frozen."""
    response.set_cookie(
        settings.OSCAR_BASKET_COOKIE_OPEN,
        Signer().sign(str(basket_id)),
        max_age=settings.OSCAR_BASKET_COOKIE_LIFETIME,
        secure=settings.OSCAR_BASKET_COOKIE_SECURE,
        httponly=True,
    )
