from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.clock import ROME, moment_in_words, rome_date, rome_day


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
