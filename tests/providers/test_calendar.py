"""From hours on the wall to moments: the nights of the clock change, midnight, leap days, holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel.clock import ROME
from providers.calendar import Calendar, expand, rules_that_overlap
from tests.providers.calendars import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    every,
    every_day,
    hours,
)

DAY = timedelta(days=1)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


def on_the_wall(*rules, day, days=1, **exceptions):
    """Times of the days as people in Rome read them: ``29 09:00-10:00``."""
    openings = expand(Calendar(rules, **exceptions), first=day, until=day + days * DAY)
    return [f"{o.start.astimezone(ROME):%d %H:%M}-{o.end.astimezone(ROME):%H:%M}" for o in openings]


def lengths(*rules, day):
    return [
        (o.end - o.start) // timedelta(minutes=1) for o in expand(Calendar(rules), first=day, until=day + DAY)
    ]


def test_hours_are_cut_into_times_and_what_is_left_over_is_not_sold():
    assert on_the_wall(every(MONDAY, "9:00-12:30"), day=date(2026, 11, 23)) == [
        "23 09:00-10:00",
        "23 10:00-11:00",
        "23 11:00-12:00",
    ]


def test_nine_stays_nine_before_and_after_the_clocks_change():
    openings = expand(
        Calendar([every(SUNDAY, "9:00-10:00")]), first=date(2026, 3, 22), until=date(2026, 4, 12)
    )

    assert [o.start.astimezone(ROME).time() for o in openings] == [time(9)] * 3
    assert [o.start.hour for o in openings] == [8, 7, 7]


def test_the_night_the_clocks_go_forward_the_skipped_hour_is_not_offered():
    assert on_the_wall(every(SUNDAY, "0:00-5:00"), day=FORWARD) == [
        "29 00:00-01:00",
        "29 01:00-03:00",
        "29 03:00-04:00",
        "29 04:00-05:00",
    ]
    assert lengths(every(SUNDAY, "0:00-5:00"), day=FORWARD) == [60, 60, 60, 60]


def test_a_time_that_ends_within_the_skipped_hour_is_not_offered_either():
    assert on_the_wall(every(SUNDAY, "0:30-4:30"), day=FORWARD) == ["29 00:30-01:30", "29 03:30-04:30"]


def test_half_past_two_is_there_on_other_sundays_and_missing_on_that_one():
    rule = every(SUNDAY, "2:30-3:00", minutes=30)

    assert on_the_wall(rule, day=FORWARD - 7 * DAY, days=15) == ["22 02:30-03:00", "05 02:30-03:00"]


def test_a_night_over_the_jump_keeps_its_hours_and_is_an_hour_shorter():
    night = every(SATURDAY, "22:00-6:00", minutes=480)

    assert on_the_wall(night, day=FORWARD - DAY) == ["28 22:00-06:00"]
    assert lengths(night, day=FORWARD - DAY) == [7 * 60]


def test_the_night_the_clocks_go_back_half_past_two_means_the_first_of_the_two():
    (opening,) = expand(Calendar([every(SUNDAY, "2:30-3:30", minutes=60)]), first=BACK, until=BACK + DAY)

    assert opening.start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert opening.end == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_the_repeated_hour_is_sold_once():
    assert on_the_wall(every(SUNDAY, "1:00-4:00"), day=BACK) == [
        "25 01:00-02:00",
        "25 02:00-03:00",
        "25 03:00-04:00",
    ]
    assert lengths(every(SUNDAY, "1:00-4:00"), day=BACK) == [60, 120, 60]


def test_a_night_over_the_change_back_keeps_its_hours_and_is_an_hour_longer():
    assert lengths(every(SATURDAY, "22:00-6:00", minutes=480), day=BACK - DAY) == [9 * 60]


def test_a_whole_day_is_as_long_as_the_day_is():
    days = {day: lengths(*every_day("0:00-0:00", minutes=1440), day=day) for day in (FORWARD, BACK)}

    assert days == {FORWARD: [23 * 60], BACK: [25 * 60]}


def test_hours_cross_midnight_and_each_time_belongs_to_the_day_on_which_it_begins():
    rule = every(FRIDAY, "22:00-2:00")

    assert on_the_wall(rule, day=date(2026, 11, 27)) == ["27 22:00-23:00", "27 23:00-00:00"]
    assert on_the_wall(rule, day=date(2026, 11, 28)) == ["28 00:00-01:00", "28 01:00-02:00"]


def test_a_closed_day_has_no_beginning_not_even_of_last_nights_small_hours():
    rule = every(FRIDAY, "22:00-2:00")

    open_times = on_the_wall(rule, day=date(2026, 11, 27), days=2, closed=frozenset({date(2026, 11, 28)}))

    assert open_times == ["27 22:00-23:00", "27 23:00-00:00"]


def test_the_night_of_the_year_ends_in_the_new_one():
    rule = every(THURSDAY, "22:00-2:00", holidays_too=True)

    assert on_the_wall(rule, day=date(2026, 12, 31), days=2, holidays=frozenset({date(2027, 1, 1)})) == [
        "31 22:00-23:00",
        "31 23:00-00:00",
        "01 00:00-01:00",
        "01 01:00-02:00",
    ]
    assert on_the_wall(rule, day=date(2027, 1, 1)) == ["01 00:00-01:00", "01 01:00-02:00"]


def test_the_year_ends_in_rome_not_in_greenwich():
    (last,) = expand(
        Calendar([every(THURSDAY, "23:30-0:00", minutes=30)]),
        first=date(2026, 12, 31),
        until=date(2027, 1, 1),
    )

    assert last.end == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def test_the_29th_of_february_2028_is_a_tuesday_like_others():
    rule = every(TUESDAY, "9:00-10:00")

    assert on_the_wall(rule, day=date(2028, 2, 22), days=15) == [
        "22 09:00-10:00",
        "29 09:00-10:00",
        "07 09:00-10:00",
    ]


def test_rules_begin_and_end_on_their_days():
    rule = every(MONDAY, "9:00-10:00", from_date=date(2026, 11, 30), until_date=date(2026, 12, 14))

    assert on_the_wall(rule, day=date(2026, 11, 1), days=60) == ["30 09:00-10:00", "07 09:00-10:00"]


def test_other_hours_stand_in_place_of_the_weekly_ones_and_open_a_holiday():
    christmas = date(2026, 12, 25)
    special = {christmas: [hours("15:00-16:00")]}
    holidays = frozenset({christmas})

    assert on_the_wall(every(FRIDAY, "9:00-12:00"), day=christmas, holidays=holidays) == []
    assert on_the_wall(every(FRIDAY, "9:00-12:00"), day=christmas, holidays=holidays, special=special) == [
        "25 15:00-16:00"
    ]


def test_closed_is_stronger_than_other_hours():
    day = date(2026, 12, 23)

    assert on_the_wall(day=day, special={day: [hours("15:00-16:00")]}, closed=frozenset({day})) == []


def test_who_works_on_holidays_is_open_on_holidays():
    day = date(2027, 1, 6)

    assert on_the_wall(every(day.weekday(), "9:00-10:00"), day=day, holidays=frozenset({day})) == []
    assert on_the_wall(
        every(day.weekday(), "9:00-10:00", holidays_too=True), day=day, holidays=frozenset({day})
    ) == ["06 09:00-10:00"]


def test_another_zones_hours_belong_to_romes_days():
    rule = every(MONDAY, "22:00-23:00", zone=ZoneInfo("America/New_York"))

    assert on_the_wall(rule, day=date(2026, 11, 23)) == []
    assert on_the_wall(rule, day=date(2026, 11, 24)) == ["24 04:00-05:00"]


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (every(MONDAY, "9:00-12:00"), every(MONDAY, "12:00-15:00"), False),
        (every(MONDAY, "9:00-12:00"), every(MONDAY, "11:00-15:00"), True),
        (every(MONDAY, "9:00-12:00"), every(TUESDAY, "9:00-12:00"), False),
        (every(MONDAY, "22:00-2:00"), every(TUESDAY, "1:00-3:00"), True),
        (every(SUNDAY, "22:00-2:00"), every(MONDAY, "1:00-3:00"), True),
        (every(SUNDAY, "22:00-2:00"), every(MONDAY, "2:00-3:00"), False),
        (
            every(MONDAY, "9:00-12:00", until_date=date(2026, 12, 1)),
            every(MONDAY, "9:00-12:00", from_date=date(2026, 12, 1)),
            False,
        ),
    ],
)
def test_rules_that_would_open_twice_at_once_are_found(one, other, overlap):
    assert (rules_that_overlap([one, other]) is not None) == overlap
    assert (rules_that_overlap([other, one]) is not None) == overlap
