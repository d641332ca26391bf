"""The rules by which a price falls, in the words in which the page on prices tells them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

Step = TypeVar("Step", bound=Callable[..., Any])


@dataclass(frozen=True)
class PriceRule:
    """What a price step is called, and one sentence on whom it helps and by how much."""

    name: str | Promise
    words: str | Promise


_told: dict[Callable[..., Any], PriceRule] = {}


def told_as(name: str | Promise, words: str | Promise) -> Callable[[Step], Step]:
    """Return the decorator that gives a price step its words."""

    def tell(step: Step) -> Step:
        _told[step] = PriceRule(name, words)
        return step

    return tell


def price_rules() -> list[PriceRule]:
    """Return the rules of ``settings.PRICE_STEPS`` in the order in which they are applied.

    :raises KeyError: a step has no words: a bug, for no price may change without a published reason.
    """
    return [_told[import_string(path)] for path in settings.PRICE_STEPS]
