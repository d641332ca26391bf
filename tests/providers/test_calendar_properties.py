"""What is true of all hours, whatever the rules and whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import ROME, moment_on_the_wall, moment_until_the_wall, rome_date
from providers.calendar import Calendar, Hours, Rule, expand, rules_that_overlap
from tests.providers.calendars import (
    LONG_AGO,
)

DAY = timedelta(days=1)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


minutes_of_a_day = st.integers(0, 287).map(lambda five: time(five * 5 // 60, five * 5 % 60))
cuts = st.sampled_from([5, 15, 20, 30, 45, 60, 90, 120, 240, 480, 1440])
some_hours = st.builds(Hours, minutes_of_a_day, minutes_of_a_day, cuts, st.integers(1, 9))
# Two years with a leap day between; the days around the changes come up often.
some_days = st.one_of(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.sampled_from([FORWARD, BACK, date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29)]).flatmap(
        lambda day: st.integers(-2, 2).map(lambda n: day + n * DAY)
    ),
)
some_rules = st.builds(Rule, st.integers(0, 6), some_hours, st.just(LONG_AGO))


def changes_near(day):
    return {(day + n * DAY).strftime("%m-%d") for n in (0, 1)} & {
        f"{month}-{number}" for month in ("03", "10") for number in range(25, 32)
    }


@given(some_hours, some_days)
def test_each_time_begins_and_ends_at_the_hour_on_the_wall(some, day):
    rule = Rule(day.weekday(), some, LONG_AGO)
    opens = datetime.combine(day, some.opens)
    grid = [opens + n * timedelta(minutes=some.slot_minutes) for n in range(24 * 60 // some.slot_minutes + 1)]

    for opening in expand(Calendar([rule]), first=day, until=day + 2 * DAY):
        start = opening.start.astimezone(ROME).replace(tzinfo=None)
        end = opening.end.astimezone(ROME).replace(tzinfo=None)
        assert start in grid
        assert opening.start == moment_on_the_wall(start)
        assert opening.end == moment_until_the_wall(start + timedelta(minutes=some.slot_minutes))
        if not changes_near(day):
            assert end - start == timedelta(minutes=some.slot_minutes)


@given(some_hours, some_days)
def test_all_times_lie_inside_the_hours_and_fill_them(some, day):
    closes = datetime.combine(day, some.closes) + (DAY if some.closes <= some.opens else timedelta())
    opens = datetime.combine(day, some.opens)
    whole = (closes - opens) // timedelta(minutes=some.slot_minutes)

    openings = expand(Calendar([Rule(day.weekday(), some, LONG_AGO)]), first=day, until=day + 2 * DAY)

    assert len(openings) <= whole
    assert {opening.capacity for opening in openings} <= {some.capacity}
    if not changes_near(day):
        assert len(openings) == whole
    for opening in openings:
        assert opening.start < opening.end <= closes.replace(tzinfo=ROME).astimezone(UTC)
        assert opens <= opening.start.astimezone(ROME).replace(tzinfo=None)


@given(st.lists(some_rules, max_size=6), some_days, st.integers(1, 21))
def test_times_never_overlap_whatever_the_rules(rules, day, days):
    openings = expand(Calendar(rules), first=day, until=day + days * DAY)

    assert all(one.end <= other.start for one, other in pairwise(openings))
    assert all(day <= rome_date(opening.start) < day + days * DAY for opening in openings)


@given(st.lists(some_rules, max_size=4), some_days, st.integers(1, 10), st.integers(1, 10))
def test_published_day_by_day_or_at_once_the_times_are_the_same(rules, day, some, more):
    calendar = Calendar([] if rules_that_overlap(rules) else rules)
    middle, until = day + some * DAY, day + (some + more) * DAY

    at_once = expand(calendar, first=day, until=until)

    assert at_once == expand(calendar, first=day, until=middle) + expand(calendar, first=middle, until=until)


@given(st.lists(some_rules, max_size=4), some_days, st.sets(st.integers(0, 13)))
def test_closing_days_takes_just_what_begins_on_them(rules, day, numbers):
    closed = frozenset(day + n * DAY for n in numbers)
    rules = [] if rules_that_overlap(rules) else rules

    open_times = expand(Calendar(rules), first=day, until=day + 14 * DAY)
    left = expand(Calendar(rules, closed=closed), first=day, until=day + 14 * DAY)

    assert left == [opening for opening in open_times if rome_date(opening.start) not in closed]
