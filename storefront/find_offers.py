"""Find offers: which listings fit what a family asks for, in what order, and what they may have meant."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchVectorField
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from catalogue.models import ServiceKind
from catalogue.pricing import Asker
from storefront.models import IndexedOffer, KnownWord
from storefront.offers import Offer, offers_of
from storefront.understand import plain
from storefront.words import asked
from territory.models import District, Municipality

PAGE_SIZE = 20
MOST_WORDS = 8


@dataclass(frozen=True)
class Criteria:
    """What a family asks for. ``quantity`` in thousandths of the unit, ``most`` in cents a unit."""

    district: District
    kind: ServiceKind | None = None
    municipality: Municipality | None = None
    day: date | None = None
    most: int | None = None
    words: str = ""
    quantity: int | None = None


@dataclass(frozen=True)
class Found:
    """One page of offers, and the criteria that found them."""

    offers: list[Offer]
    page: Page[int]
    criteria: Criteria

    @property
    def total(self) -> int:
        return self.page.paginator.count


def find_offers(criteria: Criteria, *, total: int, page: int, asker: Asker) -> Found:
    """Return a page of the ``total`` offers that fit, with the words in their title first, then by first free time."""
    paginator = Paginator(_in_order(criteria), PAGE_SIZE)
    paginator.count = total
    shown = paginator.get_page(page)
    offers = offers_of(list(shown), quantity=criteria.quantity, asker=asker, day=criteria.day)
    return Found(offers, shown, criteria)


def matching(criteria: Criteria) -> QuerySet[IndexedOffer]:
    """Return the offers that fit, in no order."""
    offers = IndexedOffer.objects.filter(district=criteria.district)
    if criteria.kind is not None:
        offers = offers.filter(kind=criteria.kind)
    if criteria.municipality is not None:
        offers = offers.filter(municipality_ids__contains=[criteria.municipality.pk])
    if criteria.day is not None:
        offers = offers.filter(free_days__contains=[criteria.day])
    if criteria.most is not None:
        offers = offers.filter(unit_price_cents__lte=criteria.most)
    if criteria.words:
        offers = offers.filter(said__words=asked(criteria.words))
    return offers


def what_was_meant(words: str, district: District) -> str:
    """Return the words with each replaced by the most alike one that an offer of the district says.

    Words like none are left out; empty if nothing is left, or if nothing changes.
    """
    typed = plain(words)[:MOST_WORDS]
    with connection.cursor() as cursor:
        cursor.execute(MOST_ALIKE, {"typed": typed, "district": district.pk})
        meant = [word for (word,) in cursor.fetchall() if word]
    return "" if meant == typed else " ".join(meant)


MOST_ALIKE = f"""
    SELECT (
        SELECT word FROM {KnownWord._meta.db_table}
        WHERE district_id = %(district)s AND word %% typed
        ORDER BY similarity(word, typed) DESC, word LIMIT 1
    ) FROM unnest(%(typed)s::text[]) WITH ORDINALITY AS said (typed, place) ORDER BY place
"""  # noqa: S608  the table's name is ours


def _in_order(criteria: Criteria) -> QuerySet[IndexedOffer, int]:
    order = [F("first_free_at").asc(nulls_last=True), F("unit_price_cents").asc(), F("listing").asc()]
    offers = matching(criteria)
    if criteria.words:
        offers = offers.annotate(in_title=_says_in_title(criteria.words))
        order.insert(0, F("in_title").desc())
    return offers.order_by(*order).values_list("pk", flat=True)


def _says_in_title(words: str) -> Func:
    title = Func(
        F("said__words"),
        template="ts_filter(%(expressions)s, '{a}')",
        output_field=SearchVectorField(),
    )
    return Func(
        title, asked(words), template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()
    )
