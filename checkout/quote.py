"""What is shown is what is charged: a quote, its fingerprint, and the difference between two."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.pricing import Asker, PriceForYou, prices_for
from checkout.models import Booking
from kernel.clock import hour_in_words, moment_in_words, rome_date
from kernel.money import in_words, vat_inside


@dataclass(frozen=True)
class QuoteStep:
    """So many cents less than the list price, and why."""

    code: str
    label: str
    cents_off: int


@dataclass(frozen=True)
class QuoteLine:
    """One booking as quoted. ``gross`` and ``vat`` in cents, ``quantity`` in thousandths of the unit.

    ``gross`` is what is paid: the list price less the ``steps``.
    """

    booking: str
    title: str
    seller: str
    starts_at: str
    quantity: int
    unit: str
    unit_price: int
    gross: int
    vat: int
    steps: tuple[QuoteStep, ...] = ()

    @property
    def list_price(self) -> int:
        return self.gross + sum(step.cents_off for step in self.steps)


@dataclass(frozen=True)
class Quote:
    lines: tuple[QuoteLine, ...]

    @property
    def total(self) -> int:
        return sum(line.gross for line in self.lines)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        return cls(tuple(_line_from_json(line) for line in data["lines"]))


def quote_of(bookings: Iterable[Booking], *, asker: Asker) -> Quote:
    """Return what those bookings cost that asker, VAT as of today: the tax point is the payment.

    Source: D.P.R. 633/1972, art. 6, third and fourth paragraphs.

    :raises ValueError: a price step says that others pay a part, and nobody here could collect it from them.
    """
    asked = list(bookings)
    prices = prices_for([(booking.listing, booking.quantity_milli) for booking in asked], asker)
    language = get_language() or "it"
    return Quote(
        tuple(_line(booking, price, asker, language) for booking, price in zip(asked, prices, strict=True))
    )


def _line(booking: Booking, price: PriceForYou, asker: Asker, language: str) -> QuoteLine:
    if price.you_pay != price.price:
        raise ValueError(f"others pay a part of {booking}: no tender collects it")
    return QuoteLine(
        booking=booking.code,
        title=booking.listing.title,
        seller=booking.cooperative.name,
        starts_at=_when(booking, language),
        quantity=booking.quantity_milli,
        unit=booking.listing.kind.unit,
        unit_price=booking.listing.unit_price_cents,
        gross=price.price,
        vat=vat_inside(price.price, booking.listing.vat_bp_on(rome_date(asker.now))),
        steps=tuple(QuoteStep(step.code, step.label, step.cents_off) for step in price.steps),
    )


def _line_from_json(data: dict[str, Any]) -> QuoteLine:
    steps = tuple(QuoteStep(**step) for step in data.get("steps", ()))
    return QuoteLine(**{**data, "steps": steps})


def _when(booking: Booking, language: str) -> str:
    slot = booking.slot_hold.slot
    return f"{moment_in_words(slot.starts_at, language)}–{hour_in_words(slot.ends_at, language)}"


def differences(shown: Quote, now: Quote) -> list[str]:
    """Return in words what changed between the quote that was shown and today's, line by line."""
    language = get_language() or "it"
    before = {line.booking: line for line in shown.lines}
    words = []
    for line in now.lines:
        old = before.pop(line.booking, None)
        names = {"title": line.title, "now": in_words(line.gross, language)}
        if old is None:
            words.append(_("New in the basket: %(title)s, %(now)s.") % names)
        elif old.gross != line.gross:
            before_words = in_words(old.gross, language)
            words.append(_("%(title)s: %(now)s, before %(before)s.") % {**names, "before": before_words})
        elif old != line:
            words.append(_("%(title)s: the time or the details have changed.") % names)
    words += [_("No longer in the basket: %(title)s.") % {"title": gone.title} for gone in before.values()]
    return words
