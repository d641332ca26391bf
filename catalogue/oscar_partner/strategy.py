"""Prices and availability as Oscar asks for them: the listing's price, the same for every stranger.

Nothing here looks at the request's user, so a page that shows prices needs no session and no cookie.
"""

from typing import Any

from django.utils import timezone
from oscar.apps.partner.availability import Available
from oscar.apps.partner.prices import FixedPrice
from oscar.apps.partner.strategy import PurchaseInfo

from kernel.clock import rome_date
from kernel.money import to_euros, vat_inside


class Strategy:
    """The list price of one unit; a place is promised by the slot hold, never by "stock"."""

    def __init__(self, request: Any = None) -> None:
        self.request = request

    def fetch_for_product(self, product: Any, stockrecord: Any = None) -> PurchaseInfo:
        stockrecord = stockrecord or product.stockrecords.select_related("listing__tax_profile").get()
        gross = stockrecord.listing.unit_price_cents
        tax = vat_inside(gross, stockrecord.listing.vat_bp_on(rome_date(timezone.now())))
        price = FixedPrice("EUR", excl_tax=to_euros(gross - tax), tax=to_euros(tax))
        return PurchaseInfo(price, Available(), stockrecord)

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> PurchaseInfo:
        return self.fetch_for_product(line.product, line.stockrecord)


class Selector:
    def strategy(self, request: Any = None, user: Any = None, **_: Any) -> Strategy:
        return Strategy(request)
