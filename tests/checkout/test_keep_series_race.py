"""Series against series for the last places: nobody is left with a part of one, and nobody waits crosswise."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError

from catalogue.models import Listing
from checkout.keep_series import SomeTimesGone, keep_series
from checkout.models import Booking
from providers.models import Slot
from tests.builders import NOW, SOMEBODY, a_basket, a_listing, a_slot
from tests.threads import at_once, without_locks

pytestmark = pytest.mark.django_db(transaction=True)

FAMILIES = 12
WEEKS = 5


def _all_want_the_same_weeks(*, places: int) -> tuple[list[Slot], list[object]]:
    """Half of them name the dates the other way round."""
    listing = a_listing()
    slots = [a_slot(of=listing, places=places, starts_in=timedelta(days=3 + 7 * n)) for n in range(WEEKS)]
    listing = Listing.objects.select_related("kind", "stockrecord").get(pk=listing.pk)
    baskets = [a_basket() for _ in range(FAMILIES)]
    wishes = [slot.pk for slot in slots]

    def keep(number: int) -> list[Booking]:
        return keep_series(
            basket=baskets[number],
            listing=listing,
            slot_ids=wishes if number % 2 else wishes[::-1],
            quantity_milli=6000,
            address=f"network {number}",
            by=SOMEBODY,
            now=NOW,
        )

    results = at_once(FAMILIES, keep)
    for slot in slots:
        slot.refresh_from_db()
    return slots, results


def test_as_many_get_all_their_weeks_as_there_are_places_and_the_rest_get_none():
    slots, results = _all_want_the_same_weeks(places=3)

    kept = [result for result in results if isinstance(result, list)]
    assert [len(series) for series in kept] == [WEEKS] * 3
    assert sum(isinstance(result, SomeTimesGone) for result in results) == FAMILIES - 3, results
    assert [slot.taken for slot in slots] == [3] * WEEKS
    assert Booking.objects.count() == 3 * WEEKS


def test_control_without_the_locks_somebody_meets_what_nobody_should():
    with without_locks():
        slots, results = _all_want_the_same_weeks(places=3)

    # The ceiling of a slot by the database, or its deadlock detector: rows are added to crosswise.
    assert any(isinstance(result, IntegrityError | OperationalError) for result in results), results
    assert all(slot.taken <= slot.capacity for slot in slots)


def test_series_that_overlap_end_without_a_deadlock_and_without_parts():
    listing = a_listing()
    slots = [a_slot(of=listing, places=2, starts_in=timedelta(days=3 + 7 * n)) for n in range(8)]
    listing = Listing.objects.select_related("kind", "stockrecord").get(pk=listing.pk)
    baskets = [a_basket() for _ in range(FAMILIES)]

    def keep(number: int) -> list[Booking]:
        wishes = [slots[(number * 3 + n * 5) % 8].pk for n in range(4)]
        return keep_series(
            basket=baskets[number],
            listing=listing,
            slot_ids=wishes,
            quantity_milli=6000,
            address="one network",
            by=SOMEBODY,
            now=NOW,
        )

    results = at_once(FAMILIES, keep)

    assert all(
        isinstance(result, list | SomeTimesGone) or result.code == "too_many_from_here" for result in results
    )
    for number, result in enumerate(results):
        in_basket = Booking.objects.filter(line__basket=baskets[number].pk).count()
        assert in_basket == (4 if isinstance(result, list) else 0)
    taken = sum(Slot.objects.values_list("taken", flat=True))
    assert taken == Booking.objects.count() > 0
