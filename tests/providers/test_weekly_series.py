"""A weekly wish: the same hour on the wall in Rome, each date with what stands against it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg.types.range import Range

from kernel.clock import ROME
from providers.models import Slot
from providers.weekly_series import Standing, weekly_series
from tests.builders import NOW, a_kind, a_listing
from tests.providers.calendars import a_closure

pytestmark = pytest.mark.django_db


def a_time(day: str, hour: str = "9:00", *, of, places: int = 3, hours: int = 2) -> Slot:
    """A slot at an hour on the wall in Rome."""
    start = datetime.fromisoformat(f"{day}T{hour.zfill(5)}").replace(tzinfo=ROME).astimezone(UTC)
    return Slot.objects.create(
        listing=of, period=Range(start, start + timedelta(hours=hours)), capacity=places
    )


def series(slot: Slot, *, times: int, places: int = 1, mine=(), now: datetime = NOW):
    found = Slot.objects.select_related("listing__kind", "listing__stockrecord").get(pk=slot.pk)
    return weekly_series(found, times=times, places=places, mine=set(mine), now=now)


def standings(slot: Slot, **more) -> list[Standing]:
    return [occurrence.standing for occurrence in series(slot, **more).occurrences]


@pytest.mark.parametrize(
    "days", [("2026-10-20", "2026-10-27"), ("2026-10-18", "2026-10-25"), ("2027-03-21", "2027-03-28")]
)
def test_every_week_means_the_same_hour_on_the_wall_when_the_clocks_change(days):
    listing = a_listing()
    first, second = (a_time(day, of=listing) for day in days)

    found = series(first, times=2, now=first.starts_at - timedelta(days=9)).occurrences

    assert [o.slot for o in found] == [first, second]
    assert [o.standing for o in found] == [Standing.FREE, Standing.FREE]
    assert abs(second.starts_at - first.starts_at - timedelta(days=7)) == timedelta(hours=1)


def test_an_hour_that_the_clocks_skip_is_told_and_the_nearest_time_is_offered():
    listing = a_listing()
    before = a_time("2027-03-21", "2:30", of=listing, hours=1)
    near = a_time("2027-03-28", "3:30", of=listing, hours=1)

    found = series(before, times=2, now=NOW + timedelta(days=90)).occurrences[1]

    assert (found.standing, found.slot, found.instead) == (Standing.NO_SUCH_HOUR, None, near)


def test_the_turn_of_the_year_is_a_week_like_another_but_for_its_holidays():
    listing = a_listing()
    first = a_time("2026-12-18", of=listing)
    a_time("2027-01-08", of=listing)

    found = series(first, times=4).occurrences

    assert [o.day for o in found] == [
        date(2026, 12, 18),
        date(2026, 12, 25),
        date(2027, 1, 1),
        date(2027, 1, 8),
    ]
    assert [o.standing for o in found] == [Standing.FREE, Standing.HOLIDAY, Standing.HOLIDAY, Standing.FREE]


def test_the_immaculate_conception_in_a_series_is_told_with_the_nearest_time():
    listing = a_listing()
    first = a_time("2026-12-01", of=listing)
    a_time("2026-12-05", of=listing)
    near = a_time("2026-12-09", "14:00", of=listing)
    a_time("2026-12-10", of=listing)
    a_time("2026-12-12", of=listing)

    found = series(first, times=2).occurrences[1]

    assert (found.day, found.standing, found.instead) == (date(2026, 12, 8), Standing.HOLIDAY, near)


def test_each_reason_has_its_name():
    listing = a_listing()
    first = a_time("2026-11-23", of=listing)  # a day is the lead time, and NOW is the day before at ten
    full = a_time("2026-11-30", of=listing, places=1)
    Slot.objects.filter(pk=full.pk).update(taken=1)
    a_closure(date(2026, 12, 7))
    a_time("2026-12-14", of=listing)
    mine = a_time("2026-12-21", of=listing)
    a_time("2026-12-28", "14:00", of=listing)

    found = series(first, times=8, mine=[mine.pk])

    assert [o.standing for o in found.occurrences] == [
        Standing.NEAR,
        Standing.FULL,
        Standing.CLOSED,
        Standing.FREE,
        Standing.MINE,
        Standing.ABSENT,
        Standing.BEYOND,
        Standing.BEYOND,
    ]
    assert found.last_published == date(2026, 12, 28)


def test_a_slot_that_was_shut_is_not_there():
    listing = a_listing()
    first, shut = a_time("2026-12-01", of=listing), a_time("2026-12-15", of=listing)
    Slot.objects.filter(pk=shut.pk).shut(NOW)
    a_time("2027-01-12", of=listing)

    assert standings(first, times=3)[2] is Standing.ABSENT


def test_too_few_places_for_a_family_are_told_and_another_time_must_have_enough():
    listing = a_listing(kind=a_kind("corsi", "place"))
    first = a_time("2026-12-01", of=listing, places=3)
    a_time("2026-12-15", of=listing, places=2)
    a_time("2026-12-14", of=listing, places=2)
    enough = a_time("2026-12-18", of=listing, places=3)

    found = series(first, times=3, places=3).occurrences[2]

    assert (found.standing, found.instead) == (Standing.FEW, enough)


def test_nothing_farther_than_three_days_is_offered_instead():
    listing = a_listing()
    first = a_time("2026-12-01", of=listing)
    for day in ("2026-12-11", "2026-12-19", "2027-01-12"):
        a_time(day, of=listing)

    assert series(first, times=3).occurrences[2].instead is None


@pytest.mark.parametrize("many", [5, 500])
def test_a_series_asks_the_database_the_same_however_many_times_there_are(django_assert_num_queries, many):
    listing = a_listing()
    first = a_time("2026-12-01", of=listing)
    start = first.ends_at
    Slot.objects.bulk_create(
        Slot(
            listing=listing,
            period=(start + timedelta(hours=2 * n), start + timedelta(hours=2 * n + 1)),
            capacity=2,
        )
        for n in range(many)
    )
    found = Slot.objects.select_related("listing__kind", "listing__stockrecord").get(pk=first.pk)

    with django_assert_num_queries(5):  # slots, the last one, the cooperative, exceptions, hours
        weekly_series(found, times=8, places=1, mine=set(), now=NOW)
