from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.clock import ROME, moment_in_words, moment_on_the_wall, moment_until_the_wall, rome_date, rome_day


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2028, 2, 29), 24)],
)
def test_a_day_in_rome_is_as_long_as_it_is(day, hours):
    start, end = rome_day(day)

    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


def test_the_last_hour_of_the_year_in_utc_is_already_the_new_year_in_rome():
    assert rome_date(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert rome_date(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == date(2026, 12, 31)


def test_a_moment_is_said_as_people_say_it():
    assert moment_in_words(datetime(2026, 12, 1, 9, 0, tzinfo=ROME)) == "mar 1 dic, 9:00"


@pytest.mark.parametrize(
    ("last", "first", "day"),
    [
        # The last instant of the day before and the first of the day, in UTC.
        ((2026, 3, 28, 22, 59), (2026, 3, 28, 23, 0), date(2026, 3, 29)),
        ((2026, 3, 29, 21, 59), (2026, 3, 29, 22, 0), date(2026, 3, 30)),
        ((2026, 10, 24, 21, 59), (2026, 10, 24, 22, 0), date(2026, 10, 25)),
        ((2026, 10, 25, 22, 59), (2026, 10, 25, 23, 0), date(2026, 10, 26)),
        ((2028, 2, 28, 22, 59), (2028, 2, 28, 23, 0), date(2028, 2, 29)),
        ((2028, 2, 29, 22, 59), (2028, 2, 29, 23, 0), date(2028, 3, 1)),
        ((2026, 12, 31, 22, 59), (2026, 12, 31, 23, 0), date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_rome_and_not_a_minute_earlier(last, first, day):
    assert rome_date(datetime(*last, tzinfo=UTC)) == day - timedelta(days=1)
    assert rome_date(datetime(*first, tzinfo=UTC)) == day
    assert rome_day(day)[0] == datetime(*first, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "begins", "ends"),
    [
        # The hour that is skipped: nothing begins in it, and what lasts until its start ends when the clocks jump.
        ("2026-03-29 02:00", None, (2026, 3, 29, 1, 0)),
        ("2026-03-29 02:30", None, None),
        ("2026-03-29 03:00", (2026, 3, 29, 1, 0), (2026, 3, 29, 1, 0)),
        # The hour that comes twice: its first time.
        ("2026-10-25 02:00", (2026, 10, 25, 0, 0), (2026, 10, 25, 0, 0)),
        ("2026-10-25 02:30", (2026, 10, 25, 0, 30), (2026, 10, 25, 0, 30)),
        ("2026-10-25 03:00", (2026, 10, 25, 2, 0), (2026, 10, 25, 2, 0)),
        ("2027-01-01 00:00", (2026, 12, 31, 23, 0), (2026, 12, 31, 23, 0)),
        ("2028-02-29 00:00", (2028, 2, 28, 23, 0), (2028, 2, 28, 23, 0)),
    ],
)
def test_the_clock_on_the_wall_is_read_also_where_it_jumps(wall, begins, ends):
    def utc(parts):
        return datetime(*parts, tzinfo=UTC) if parts else None

    shown = datetime.fromisoformat(wall)
    assert moment_on_the_wall(shown) == utc(begins)
    assert moment_until_the_wall(shown) == utc(ends)
