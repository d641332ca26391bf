"""Count what else could be chosen: how many offers there would be with another day, price, kind or place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import cos, hypot, radians

from django.db import connection
from django.db.models import Count

from storefront.find_offers import Criteria, matching
from storefront.models import OfferTally
from territory.models import Municipality

MOST_NEAREST = 3
MOST_STEPS = 4
HALF_EURO = 50
KM_A_DEGREE = 111.2  # of latitude, anywhere


@dataclass(frozen=True)
class Nearby:
    """A municipality with offers, so many kilometres from the one asked for, as the crow flies."""

    municipality: Municipality
    kilometres: int
    offers: int


def offers_by_day(criteria: Criteria) -> dict[date, int]:
    """Return how many offers have a free time on each of the coming days, whatever day was asked for."""
    return _by_member(replace(criteria, day=None), "free_days")


def offers_by_municipality(criteria: Criteria) -> dict[int, int]:
    """Return how many offers there are in each municipality, whichever was asked for."""
    if criteria.kind and not (criteria.words or criteria.day or criteria.most):
        tallies = OfferTally.objects.filter(kind=criteria.kind, municipality__isnull=False)
        return dict(tallies.values_list("municipality_id", "offers"))
    return _by_member(replace(criteria, municipality=None), "municipality_ids")


def offers_by_kind(criteria: Criteria) -> dict[int, int]:
    """Return how many offers there are of each kind, whichever was asked for."""
    if not (criteria.words or criteria.day or criteria.most):
        tallies = OfferTally.objects.filter(
            kind__district=criteria.district, municipality=criteria.municipality
        )
        return dict(tallies.values_list("kind_id", "offers"))
    found = matching(replace(criteria, kind=None, most=None)).values("kind").annotate(offers=Count("pk"))
    return dict(found.values_list("kind", "offers"))


def offers_up_to(by_unit_price: dict[int, int]) -> dict[int, int]:
    """Return for a few round prices of a unit how many offers cost no more.

    The prices part the offers into about four parts and are rounded up to half a euro; none where they say nothing.
    """
    total = sum(by_unit_price.values())
    steps: set[int] = set()
    passed = 0
    for price, many in by_unit_price.items():
        before, passed = passed, passed + many
        if any(before < total * part / MOST_STEPS <= passed for part in range(1, MOST_STEPS + 1)):
            steps.add(-(-price // HALF_EURO) * HALF_EURO)
    if len(steps) == 1:
        return {}
    return {
        step: sum(many for price, many in by_unit_price.items() if price <= step) for step in sorted(steps)
    }


def nearest_with_offers(
    criteria: Criteria, municipalities: Iterable[Municipality], offers: dict[int, int]
) -> list[Nearby]:
    """Return the municipalities with offers that are nearest to the one asked for, nearest first."""
    here = criteria.municipality
    if here is None:
        return []
    there = (
        Nearby(other, _kilometres(here, other), offers[other.pk])
        for other in municipalities
        if other != here and offers.get(other.pk)
    )
    return sorted(there, key=lambda near: (near.kilometres, near.municipality.name))[:MOST_NEAREST]


def _by_member(criteria: Criteria, column: str) -> dict:  # type: ignore[type-arg]
    """Count the offers for each member of an array column, in one query."""
    inner, params = matching(criteria).values(column).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT member, count(*) FROM ({inner}) offer, unnest(offer.{column}) member GROUP BY member"  # noqa: S608
            " ORDER BY member",
            params,
        )
        return dict(cursor.fetchall())


def _kilometres(one: Municipality, other: Municipality) -> int:
    """Return how far apart two are: on a plain this small the earth is flat."""
    east = float(one.longitude - other.longitude) * cos(radians(float(one.latitude)))
    return max(1, round(hypot(east, float(one.latitude - other.latitude)) * KM_A_DEGREE))
