"""Write the Oscar orders of a secured purchase: one per cooperative, at the quoted price.

The seller is the cooperative: its order, its invoice, its cancellation. Orders carry no person: the purchase
knows its pseudonymous holder, and Oscar's tables know nobody.
"""

import copy
from decimal import Decimal
from typing import Any

from oscar.apps.basket.models import Basket
from oscar.apps.checkout.calculators import OrderTotalCalculator
from oscar.apps.offer.results import OfferApplications
from oscar.apps.order.utils import OrderCreator
from oscar.apps.partner.availability import Available
from oscar.apps.partner.prices import FixedPrice
from oscar.apps.partner.strategy import PurchaseInfo
from oscar.apps.shipping.methods import NoShippingRequired
from oscar.core.prices import Price

from checkout.models import Booking, Purchase
from kernel.money import to_euros

_FREE = Price(currency="EUR", excl_tax=Decimal(0), tax=Decimal(0))


class Quoted:
    """Prices a line at the cents agreed, not at today's price. ``quote`` is {line id: (gross, VAT)} in cents."""

    def __init__(self, quote: dict[int, tuple[int, int]]) -> None:
        self.quote = quote

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> PurchaseInfo:
        gross, vat = self.quote[line.pk]
        price = FixedPrice("EUR", excl_tax=to_euros(gross - vat), tax=to_euros(vat))
        return PurchaseInfo(price, Available(), line.stockrecord)


def write_orders(purchase: Purchase, bookings: list[Booking]) -> dict[int, Any]:
    """Write the orders, inside the caller's transaction, and return them by cooperative."""
    basket = Basket.objects.get(pk=purchase.basket_id, status=Basket.FROZEN)
    basket.strategy = Quoted({b.line_id: (b.gross_cents, b.vat_cents) for b in bookings})  # type: ignore[misc]
    orders = {}
    for number, cooperative_id in enumerate(sorted({b.cooperative_id for b in bookings}), start=1):
        part = _part_of(basket, [b.line_id for b in bookings if b.cooperative_id == cooperative_id])
        orders[cooperative_id] = OrderCreator().place_order(
            basket=part,
            order_number=f"{purchase.code}-{number}",
            total=OrderTotalCalculator().calculate(part, _FREE),
            shipping_method=NoShippingRequired(),
            shipping_charge=_FREE,
            user=None,
        )
    basket.submit()
    return orders


def _part_of(basket: Any, line_ids: list[int | None]) -> Any:
    """The same basket row, seen with some of its lines only."""
    part = copy.copy(basket)
    part._lines = basket.all_lines().filter(pk__in=line_ids)
    part.offer_applications = OfferApplications()
    return part
