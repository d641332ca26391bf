"""Money in integer cents.

Decimal exists only at Oscar's door, and only through ``to_cents``, which refuses a third decimal.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NewType

from babel.numbers import format_currency

Cents = NewType("Cents", int)

BASIS_POINTS = 10_000
THOUSANDTHS = 1_000


def to_cents(euros: Decimal) -> Cents:
    """Return ``euros`` as cents.

    :raises ValueError: there is more than a cent's precision in it.
    """
    cents = euros * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{euros} is not a whole number of cents")
    return Cents(int(cents))


def to_euros(cents: int) -> Decimal:
    """Return ``cents`` as euros with two decimals, for Oscar and for printing."""
    return Decimal(cents).scaleb(-2).quantize(Decimal("0.01"))


@lru_cache(maxsize=8192)
def in_words(cents: int, language: str = "it") -> str:
    """Return an amount as people write it: ``11,70 €`` in Italian, ``€11.70`` in English."""
    return format_currency(to_euros(cents), "EUR", locale=language)


def price_of(unit_price: int, quantity_milli: int) -> Cents:
    """Return the price of a quantity in thousandths of a unit, half a cent rounded up."""
    exact = Decimal(unit_price) * quantity_milli / THOUSANDTHS
    return Cents(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def share(cents: int, basis_points: int) -> Cents:
    """Return so many basis points of an amount, half a cent rounded up."""
    exact = Decimal(cents) * basis_points / BASIS_POINTS
    return Cents(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def vat_inside(gross: int, vat_basis_points: int) -> Cents:
    """Return the VAT contained in a gross amount, half a cent rounded up."""
    exact = Decimal(gross) * vat_basis_points / (BASIS_POINTS + vat_basis_points)
    return Cents(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def split(total: int, weights: Sequence[int]) -> list[Cents]:
    """Divide ``total`` by ``weights`` so that the parts sum to it, by largest remainder.

    Ties go to the earlier part. For one-off splits only: a share that is later reduced needs ``scale``.

    :raises ValueError: a weight is negative, or all of them are zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, and one must be positive")
    floors = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return [Cents(part) for part in floors]
