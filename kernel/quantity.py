"""Quantities in thousandths of a unit, and how people say them."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel.money import THOUSANDTHS

LONGEST_WHOLE = 9
KILO, PIECE, HOUR, ERRAND, PLACE = "kg", "piece", "hour", "errand", "place"


def number_in_words(milli: int) -> str:
    """``1500`` thousandths are ``1,5`` in Italian."""
    return _formatted(milli, get_language() or "it")


@lru_cache(maxsize=1024)
def _formatted(milli: int, language: str) -> str:
    return format_decimal(Decimal(milli) / THOUSANDTHS, locale=language)


def counted(milli: int, unit: str) -> str:
    """``1500`` thousandths of an hour are ``1,5 ore``; a thousand are ``1 ora``."""
    one_or_more = 1 if milli == THOUSANDTHS else 2
    words = {
        KILO: ngettext("%(number)s kg", "%(number)s kg", one_or_more),
        PIECE: ngettext("%(number)s piece", "%(number)s pieces", one_or_more),
        HOUR: ngettext("%(number)s hour", "%(number)s hours", one_or_more),
        ERRAND: ngettext("%(number)s errand", "%(number)s errands", one_or_more),
        PLACE: ngettext("%(number)s place", "%(number)s places", one_or_more),
    }
    return words[unit] % {"number": number_in_words(milli)}


def per_unit(unit: str) -> str:
    """``per kg``, ``per hour``: what a unit price is for."""
    return {
        KILO: _("per kg"),
        PIECE: _("per piece"),
        HOUR: _("per hour"),
        ERRAND: _("per errand"),
        PLACE: _("per place"),
    }[unit]


def how_many(unit: str) -> str:
    """The question that asks for a quantity."""
    return {
        KILO: _("How many kg?"),
        PIECE: _("How many pieces?"),
        HOUR: _("How many hours?"),
        ERRAND: _("How many errands?"),
        PLACE: _("How many places?"),
    }[unit]


def whole_number(text: str) -> int | None:
    """Return the whole number that an address or a cookie carries; None for anything else, however long."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_WHOLE else None
