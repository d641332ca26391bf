"""Template filters for money, quantities, times and codes, built into every template."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kernel import clock, codes, money, quantity

register = template.Library()


def _language() -> str:
    return get_language() or "it"


@register.filter
def euros(cents: int) -> str:
    """``1170`` becomes ``11,70 €``."""
    return money.in_words(cents, _language())


@register.filter
def number(milli: int) -> str:
    """``1500`` thousandths become ``1,5``."""
    return quantity.number_in_words(milli)


@register.filter
def counted(milli: int, unit: str) -> str:
    """``1500`` of ``hour`` become ``1,5 ore``."""
    return quantity.counted(milli, unit)


@register.filter
def per_unit(unit: str) -> str:
    """``kg`` becomes ``al kg``."""
    return quantity.per_unit(unit)


@register.filter
def moment(instant: datetime) -> str:
    """``mar 1 dic, 9:00``."""
    return clock.moment_in_words(instant, _language())


@register.filter
def hour(instant: datetime) -> str:
    """``9:00``."""
    return clock.hour_in_words(instant, _language())


@register.filter
def weekday(day: date) -> str:
    """``martedì 1 dicembre``."""
    return clock.day_in_words(day, _language())


@register.filter
def day(day: date) -> str:
    """``1 dicembre 2026``."""
    return clock.date_in_words(day, _language())


@register.filter
def code(value: str) -> str:
    """``7KQ429`` becomes ``7KQ4-29``."""
    return codes.grouped(value)


@register.filter
@lru_cache(maxsize=256)
def drawing(slug: str) -> str:
    """Return the address of the drawing that stands for a kind of service; of one that has none, a common one."""
    path = f"img/kinds/{slug}.svg"
    return static(path if finders.find(path) else "img/kinds/altro.svg")


@register.filter
def options(choices: Iterable[tuple[str, str, bool]]) -> SafeString:
    """Return the options of a select: value, words, and whether it is the chosen one, as a template would but faster.

    A page of results has a hundred of them.
    """
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if is_chosen else "", words) for value, words, is_chosen in choices),
    )


@register.filter
def said(thing: object, field: str) -> SafeString:
    """Return a text of somebody else's in the reader's language if it exists, else in Italian and marked so.

    The Italian stands in the field of that name, the English (if any) in ``<field>_en``.
    """
    words = said_plainly(thing, field)
    if _language() == "it" or getattr(thing, f"{field}_en"):
        return conditional_escape(words)
    return format_html('<span lang="it">{}</span>', words)


@register.filter
def said_plainly(thing: object, field: str) -> str:
    """The same where no markup can stand: a title, an attribute."""
    english = getattr(thing, f"{field}_en") if _language() == "en" else ""
    return str(english or getattr(thing, field))


@register.filter
def said_in(thing: object, field: str) -> str:
    """Return the language in which ``said`` says it: for the ``lang`` of a whole paragraph or block."""
    return "en" if _language() == "en" and getattr(thing, f"{field}_en") else "it"


class _Keep(template.Node):
    """Print what stands inside, and keep it under a name for the rest of the page."""

    def __init__(self, name: str, inside: template.NodeList) -> None:
        self.name = name
        self.inside = inside

    def render(self, context: template.Context) -> SafeString:
        # Escaped once, by what stands inside; only the spaces between its lines go.
        words = mark_safe(" ".join(self.inside.render(context).split()))  # noqa: S308
        context[self.name] = words
        return words


@register.tag
def keep(parser: template.base.Parser, token: template.base.Token) -> _Keep:
    """``{% keep title %}{% block title %}…{% endblock %}{% endkeep %}``: a block printed once more by its name."""
    _tag, name = token.split_contents()
    inside = parser.parse(("endkeep",))
    parser.delete_first_token()
    return _Keep(name, inside)
