"""Publishing and closing on the days on which clocks and calendars are special: all by Rome's midnight."""

from datetime import date, timedelta

import pytest

from kernel.actor import Actor
from kernel.clock import ROME, rome_date, rome_midnight
from providers.close_day import DayPast, close_day
from providers.models import Slot
from providers.publish_slots import publish_slots
from tests.builders import a_cooperative, a_listing
from tests.providers.calendars import every_day, weekly_hours

DESK = Actor.user(7, through="test")
DAY = timedelta(days=1)
# How many times begin on it if one does at each hour on the wall: a skipped one never, a repeated one once.
DAYS = {
    date(2026, 3, 29): 23,
    date(2026, 10, 25): 24,
    date(2026, 12, 31): 24,
    date(2027, 1, 1): 24,
    date(2028, 2, 29): 24,
}

pytestmark = pytest.mark.django_db


def published_around(day):
    """Publish a time at each hour of three days, at midnight of the first of them."""
    now = rome_midnight(day - DAY)
    listing = a_listing()
    weekly_hours(listing, *every_day("0:00-0:00", holidays_too=True))
    publish_slots(listing.pk, by=DESK, now=now, horizon=3 * DAY)
    return listing, now


def offered(day):
    return sum(rome_date(slot.starts_at) == day for slot in Slot.objects.filter(closed_at=None))


@pytest.mark.parametrize(("day", "hours"), DAYS.items())
def test_each_hour_on_the_wall_is_published_once_and_none_is_lost_around_midnight(day, hours):
    published_around(day)

    assert [offered(day + n * DAY) for n in (-1, 0, 1)] == [24, hours, 24]
    starts = sorted(slot.starts_at.astimezone(ROME) for slot in Slot.objects.all())
    assert (starts[0], starts[-1].hour) == (rome_midnight(day - DAY), 23)


@pytest.mark.parametrize("day", DAYS)
def test_publishing_at_the_days_own_midnight_changes_nothing_of_it(day):
    listing, _ = published_around(day)

    again = publish_slots(listing.pk, by=DESK, now=rome_midnight(day), horizon=2 * DAY)

    assert not again.changed_anything


@pytest.mark.parametrize("day", DAYS)
def test_closing_it_closes_just_that_day_of_rome(day):
    _, now = published_around(day)

    close_day(a_cooperative().pk, day, reason="Festa", by=DESK, now=now)

    assert [offered(day + n * DAY) for n in (-1, 0, 1)] == [24, 0, 24]


@pytest.mark.parametrize("day", DAYS)
def test_it_can_be_closed_until_its_last_moment_and_not_at_midnight_after(day):
    _, _ = published_around(day)
    midnight = rome_midnight(day + DAY)

    with pytest.raises(DayPast):
        close_day(a_cooperative().pk, day, reason="Festa", by=DESK, now=midnight)
    assert offered(day) == DAYS[day]

    close_day(a_cooperative().pk, day, reason="Festa", by=DESK, now=midnight - timedelta(minutes=1))
    assert offered(day) == DAYS[day]  # all had begun by then
