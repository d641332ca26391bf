"""A page of results: what was asked, what was found, and what else could be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import ServiceKind
from checkout.asking import asker_behind
from kernel.clock import rome_date
from kernel.money import in_words
from kernel.quantity import number_in_words
from storefront.asking_form import (
    ANYWHERE,
    AskingForm,
    Choice,
    day_in,
    kind_in,
    most_in,
    municipality_in,
    page_in,
    words_in,
)
from storefront.count_offers import Nearby, count_offers, nearest_with_offers, offers_up_to
from storefront.days import named
from storefront.find_offers import Criteria, Found, find_offers, what_was_meant
from storefront.memory import remembered_quantity, remembered_slug
from storefront.understand import understand
from territory.models import District, Municipality


@dataclass(frozen=True)
class Results:
    """All that a page of results shows. ``put_right`` are the words searched in place of those typed, if any."""

    typed: str
    put_right: str
    form: AskingForm
    found: Found
    kinds: list[Choice]
    municipalities: list[Choice]
    days: list[Choice]
    prices: list[Choice]
    nearby: list[Nearby]
    first_day: date | None

    @property
    def asked(self) -> Criteria:
        """What was searched: as understood, and as put right."""
        return self.found.criteria

    @property
    def filters(self) -> int:
        """How many filters narrow the offers, place and service aside."""
        return sum(chosen is not None for chosen in (self.asked.day, self.asked.most))

    @property
    def handed_on(self) -> str:
        """What a listing's own page should know of it, as a query string."""
        place, quantity = self.asked.municipality, self.asked.quantity
        known = {
            "comune": place.slug if place else "",
            "quanto": number_in_words(quantity) if quantity else "",
            "da": self.asked.day.isoformat() if self.asked.day else "",
        }
        return (
            "?" + urlencode({name: value for name, value in known.items() if value})
            if any(known.values())
            else ""
        )


def results(request: HttpRequest, district: District, now: datetime, *, kind: str = "") -> Results:
    """Return what the address asks for; ``kind`` where the page is one kind's.

    :raises ServiceKind.DoesNotExist: the district has no kind of that slug.
    """
    given: Mapping[str, str] = request.GET.dict()
    municipalities = list(district.municipalities.order_by("name"))
    all_kinds = list(district.service_kinds.order_by("position"))
    if kind and kind not in {one.slug for one in all_kinds}:
        raise ServiceKind.DoesNotExist(kind)
    typed = "" if kind else words_in(given)
    meaning = understand(typed, all_kinds, municipalities)
    chosen = kind_in({"servizio": kind} if kind else given, all_kinds)
    if chosen is None and "servizio" not in given:
        chosen = meaning.kind
    named = meaning.municipality.slug if meaning.municipality else ""
    form = AskingForm(given, kind=chosen)
    form.is_valid()
    quantity = form.cleaned_data.get("quanto")
    asked = Criteria(
        district=district,
        kind=chosen,
        municipality=municipality_in(given, municipalities, named or remembered_slug(request)),
        day=day_in(given, rome_date(now)),
        most=most_in(given) if chosen else None,
        words=meaning.rest,
        quantity=quantity or (None if "quanto" in given else remembered_quantity(request, chosen)),
    )
    counts = count_offers(asked)
    put_right = ""
    if asked.words and not counts.total(asked.most):
        put_right = what_was_meant(asked.words, district)
    if put_right:
        better = understand(put_right, all_kinds, municipalities)
        asked = replace(
            asked,
            words=better.rest,
            kind=asked.kind or better.kind,
            municipality=asked.municipality or better.municipality,
        )
        counts = count_offers(asked)
    asker = asker_behind(request.user, now=now)
    found = find_offers(asked, total=counts.total(asked.most), page=page_in(given), asker=asker)
    return Results(
        typed=typed,
        put_right=put_right,
        form=form,
        found=found,
        kinds=_kinds(all_kinds, counts.kinds, asked.kind) if asked.words else [],
        municipalities=_municipalities(municipalities, counts.municipalities, asked.municipality),
        days=_days(counts.days, asked.day, rome_date(now)),
        prices=_prices(offers_up_to(counts.prices) if asked.kind else {}, asked.most),
        nearby=[] if found.total else nearest_with_offers(asked, municipalities, counts.municipalities),
        first_day=next(iter(counts.days), None) if asked.day and not found.total else None,
    )


def _kinds(kinds: list[ServiceKind], offers: dict[int, int], chosen: ServiceKind | None) -> list[Choice]:
    return [Choice(kind.slug, kind.name, offers.get(kind.pk, 0), kind == chosen) for kind in kinds]


def _municipalities(
    municipalities: list[Municipality], offers: dict[int, int], chosen: Municipality | None
) -> list[Choice]:
    everywhere = Choice(ANYWHERE, _("All municipalities"), 0, chosen is None)
    return [
        everywhere,
        *(
            Choice(place.slug, place.name, offers.get(place.pk, 0), place == chosen)
            for place in municipalities
        ),
    ]


def _days(offers: dict[date, int], chosen: date | None, today: date) -> list[Choice]:
    days = sorted({*offers, *([chosen] if chosen else [])})
    return [
        Choice(ANYWHERE, _("As soon as possible"), 0, chosen is None),
        *(Choice(day.isoformat(), named(day, today), offers.get(day, 0), day == chosen) for day in days),
    ]


def _prices(offers: dict[int, int], chosen: int | None) -> list[Choice]:
    language = get_language() or "it"
    if not offers and chosen is None:
        return []
    steps = sorted({*offers, *([chosen] if chosen else [])})
    return [
        Choice(ANYWHERE, _("Any price"), 0, chosen is None),
        *(
            Choice(
                str(step),
                _("Up to %(price)s") % {"price": in_words(step, language)},
                offers.get(step, 0),
                step == chosen,
            )
            for step in steps
        ),
    ]
