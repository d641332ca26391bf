"""Count what else could be chosen: how many offers there would be with another day, price, kind or place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import cos, hypot, radians
from typing import Any

from django.db import connection

from storefront.find_offers import Criteria, matching
from storefront.models import OfferTally
from territory.models import Municipality

MOST_NEAREST = 3
MOST_STEPS = 4
HALF_EURO = 50
KM_A_DEGREE = 111.2  # of latitude, anywhere
COLUMNS = ("kind_id", "municipality_ids", "free_days", "unit_price_cents")
COUNTED = {"day": "day", "price": "unit_price_cents", "kind": "kind_id", "municipality": "place"}
FROM = {"day": ", unnest(free_days) day", "municipality": ", unnest(municipality_ids) place"}


@dataclass(frozen=True)
class Nearby:
    """A municipality with offers, so many kilometres from the one asked for, as the crow flies."""

    municipality: Municipality
    kilometres: int
    offers: int


@dataclass(frozen=True)
class Counts:
    """How many offers would fit with another day, price of a unit (in cents), kind or municipality, all else the same.

    ``prices`` rise; kinds are counted only where words were asked for.
    """

    days: dict[date, int]
    prices: dict[int, int]
    kinds: dict[int, int]
    municipalities: dict[int, int]

    def total(self, most: int | None) -> int:
        """Return how many offers fit that cost no more than ``most`` a unit."""
        return sum(many for price, many in self.prices.items() if most is None or price <= most)


def count_offers(criteria: Criteria) -> Counts:
    """Count the offers that fit by what else could be chosen: what may fit is read once, and counted several ways."""
    # Of a kind alone, municipalities are counted already.
    is_tallied = criteria.kind is not None and not (criteria.words or criteria.day or criteria.most)
    read = replace(
        criteria,
        day=None,
        most=None,
        kind=None if criteria.words else criteria.kind,
        municipality=criteria.municipality if is_tallied else None,
    )
    counted = [
        "day",
        "price",
        *(["kind"] if criteria.words else []),
        *([] if is_tallied else ["municipality"]),
    ]
    found = _counted(read, criteria, counted)
    return Counts(
        days={date.fromisoformat(day): many for day, many in sorted(found["day"].items())},
        prices=dict(sorted((int(price), many) for price, many in found["price"].items())),
        kinds={int(kind): many for kind, many in found["kind"].items()},
        municipalities=_tallied(criteria)
        if is_tallied
        else {int(place): many for place, many in found["municipality"].items()},
    )


def _counted(read: Criteria, criteria: Criteria, counted: list[str]) -> dict[str, dict[str, int]]:
    offers, params = matching(read).values(*COLUMNS).query.sql_with_params()
    chosen = {
        "day": ("free_days @> ARRAY[%s]::date[]", criteria.day),
        "price": ("unit_price_cents <= %s", criteria.most),
        "kind": ("kind_id = %s", criteria.kind.pk if criteria.kind else None),
        "municipality": (
            "municipality_ids @> ARRAY[%s]::bigint[]",
            criteria.municipality.pk if criteria.municipality else None,
        ),
    }
    parts = []
    given: list[Any] = [*params]
    for what in counted:
        # All that was chosen counts, but for what is counted itself.
        conditions = [
            (sql, value) for other, (sql, value) in chosen.items() if other != what and value is not None
        ]
        where = " AND ".join(sql for sql, _ in conditions) or "true"
        parts.append(f"SELECT '{what}', ({COUNTED[what]})::text counted, count(*) FROM offer{FROM.get(what, '')}"  # noqa: S608
                     f" WHERE {where} GROUP BY counted")  # fmt: skip
        given += [value for _, value in conditions]
    found: dict[str, dict[str, int]] = {what: {} for what in COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH offer AS MATERIALIZED ({offers}) {' UNION ALL '.join(parts)}", given)
        for what, value, many in cursor.fetchall():
            found[what][value] = many
    return found


def _tallied(criteria: Criteria) -> dict[int, int]:
    tallies = OfferTally.objects.filter(kind=criteria.kind, municipality__isnull=False)
    return dict(tallies.values_list("municipality_id", "offers"))


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


def _kilometres(one: Municipality, other: Municipality) -> int:
    """Return how far apart two are: on a plain this small the earth is flat."""
    east = float(one.longitude - other.longitude) * cos(radians(float(one.latitude)))
    return max(1, round(hypot(east, float(one.latitude - other.latitude)) * KM_A_DEGREE))
