"""The price for you: the list price, and what changes it, each step with the rule that gave it.

A step is a function named in ``settings.PRICE_STEPS`` as ``"room.module.function"``. It is asked once for
all that a page shows, in the order of the setting, and says for each item what it takes off, or nothing. So groups,
companies and vouchers join without a page being touched. Who is shown a price and who is charged it ask here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from catalogue.models import Listing
from kernel.money import Cents


@dataclass(frozen=True)
class Asker:
    """For whom a price is asked, and when: a user, or a visitor of whom nothing is known."""

    now: datetime
    user_id: int | None = None


@dataclass(frozen=True)
class Step:
    """So many cents less, with the words that say why.

    ``is_paid_by_others`` parts two kinds: a step of the price itself (a group's), after which the seller gets less,
    and a share that somebody else pays (a voucher, an employer), after which the seller gets the same.
    """

    code: str
    label: str
    why: str
    cents_off: int
    is_paid_by_others: bool = False


@dataclass(frozen=True)
class PriceForYou:
    """What a quantity (thousandths of the unit) of a listing costs one asker, in gross cents."""

    listing: Listing
    quantity: int
    list_price: Cents
    steps: tuple[Step, ...] = ()

    @property
    def price(self) -> Cents:
        """What the seller gets: what the order, its VAT and its invoice are made of."""
        off = sum(step.cents_off for step in self.steps if not step.is_paid_by_others)
        return Cents(self.list_price - off)

    @property
    def you_pay(self) -> Cents:
        """What is left for the asker."""
        return Cents(self.list_price - sum(step.cents_off for step in self.steps))

    def with_step(self, step: Step) -> "PriceForYou":
        """Return the price after one step more.

        :raises ValueError: it would raise the price, or take off more than there is: a bug in the step.
        """
        if not 0 <= step.cents_off <= self.you_pay:
            raise ValueError(f"{step.code} takes {step.cents_off} off {self.you_pay} cents")
        return replace(self, steps=(*self.steps, step)) if step.cents_off else self


PriceStep = Callable[[Sequence[PriceForYou], Asker], Sequence[Step | None]]


def prices_for(items: Sequence[tuple[Listing, int]], asker: Asker) -> list[PriceForYou]:
    """Return the price of each listing and quantity for that asker, in a number of queries that items do not raise.

    :raises ValueError: a step answers with another number of items, or raises a price: a bug in the step.
    """
    prices = [PriceForYou(listing, quantity, listing.price_of(quantity)) for listing, quantity in items]
    for price_step in _steps(tuple(settings.PRICE_STEPS)):
        said = price_step(prices, asker)
        prices = [price.with_step(step) if step else price for price, step in zip(prices, said, strict=True)]
    return prices


def price_for(listing: Listing, quantity_milli: int, asker: Asker) -> PriceForYou:
    """Return the price of one quantity of one listing for that asker."""
    return prices_for([(listing, quantity_milli)], asker)[0]


@cache
def _steps(paths: tuple[str, ...]) -> list[PriceStep]:
    return [import_string(path) for path in paths]
