"""Oscar's basket on the request, without its offers and without a look at the user."""

from collections.abc import Callable
from typing import Any

import oscar.apps.basket.middleware
from django.http import HttpRequest, HttpResponse


class BasketMiddleware(oscar.apps.basket.middleware.BasketMiddleware):
    """The basket is loaded when a view asks for it, and costs a page nothing otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def apply_offers_to_basket(self, request: HttpRequest, basket: Any) -> None:
        """Leave prices alone: group prices are prices, public vouchers are money, neither is an offer."""
