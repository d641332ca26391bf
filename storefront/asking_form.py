"""What a page of results is asked for in its address. What makes no sense there is left out, not refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import ServiceKind
from kernel.quantity import how_many, whole_number
from storefront.forms import QuantityField
from storefront.refresh_index import DAYS_COUNTED
from territory.models import Municipality

LONGEST_WORDS = 80
ANYWHERE = ""


@dataclass(frozen=True)
class Choice:
    """One option of a filter: its value in the address, its words, how many offers it would bring."""

    value: str
    label: str
    offers: int
    is_chosen: bool = False

    def __iter__(self) -> Iterator[str | bool]:
        """As an option: what it is called with how many offers it brings."""
        words = f"{self.label} ({self.offers})" if self.value else self.label
        return iter((self.value, words, self.is_chosen))


class AskingForm(forms.Form):
    """The quantity is the one thing a person types here, so the one thing that can be wrong."""

    quanto = QuantityField(required=False)

    def __init__(self, given: Mapping[str, str], *, kind: ServiceKind | None) -> None:
        super().__init__({"quanto": given.get("quanto", "")})
        self.fields["quanto"].label = how_many(kind.unit) if kind else _("How much?")


def words_in(given: Mapping[str, str]) -> str:
    """Return what was typed to be searched, with single spaces."""
    return " ".join(given.get("q", "").replace("\0", " ").split())[:LONGEST_WORDS]


def municipality_in(
    given: Mapping[str, str], municipalities: Sequence[Municipality], remembered: str
) -> Municipality | None:
    """Return the municipality chosen, or else the one remembered; an empty choice means everywhere."""
    slug = given.get("comune", remembered)
    return next((place for place in municipalities if place.slug == slug), None)


def kind_in(given: Mapping[str, str], kinds: Sequence[ServiceKind]) -> ServiceKind | None:
    """Return the kind chosen."""
    return next((kind for kind in kinds if kind.slug == given.get("servizio")), None)


def day_in(given: Mapping[str, str], today: date) -> date | None:
    """Return the day chosen, if its offers are counted: one of the coming two weeks."""
    try:
        day = date.fromisoformat(given.get("quando", ""))
    except ValueError:
        return None
    return day if today <= day < today + timedelta(days=DAYS_COUNTED) else None


def most_in(given: Mapping[str, str]) -> int | None:
    """Return the most a unit may cost, in cents."""
    return whole_number(given.get("prezzo", "")) or None


def page_in(given: Mapping[str, str]) -> int:
    """Return the page's number."""
    return whole_number(given.get("pagina", "")) or 1
