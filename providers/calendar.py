"""From hours as people keep them to times that can be booked. Pure: no Django, no clock.

Hours are wall time, so 9:00 stays 9:00 whatever the clocks do, and a time lasts from one hour on the wall to
another:

- the night the clocks go forward, a time that begins at an hour they skip is not offered, nor one that ends
  within it; one that spans the jump is an hour shorter than on the wall;
- the night they go back, an hour shown twice means the first of the two: what begins there begins once, and
  what spans the change is an hour longer than on the wall.

A time belongs to the Rome day on which it begins. Nothing begins on a closed day, not even the small hours of
a shift opened the evening before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kernel.clock import ROME, moment_on_the_wall, moment_until_the_wall, rome_date

DAY = timedelta(days=1)
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES


@dataclass(frozen=True)
class Hours:
    """From one hour on the wall to another, cut into times of so many minutes; what is left over is not sold.

    Hours that close no later than they open close on the next day.
    """

    opens: time
    closes: time
    slot_minutes: int
    capacity: int
    zone: ZoneInfo = ROME

    @property
    def minutes(self) -> int:
        """How long they are on the wall."""
        return (_minute(self.closes) - _minute(self.opens)) % DAY_MINUTES or DAY_MINUTES


@dataclass(frozen=True)
class Rule:
    """Hours of one weekday (Monday is 0), from a day until the day before another."""

    weekday: int
    hours: Hours
    from_date: date
    until_date: date | None = None
    holidays_too: bool = False

    def holds_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and self.from_date <= day
            and (self.until_date is None or day < self.until_date)
        )


@dataclass(frozen=True)
class Calendar:
    """All that says when a listing can be booked. Closed beats special, special beats holiday, holiday beats week."""

    weekly: Sequence[Rule]
    special: Mapping[date, Sequence[Hours]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    holidays: frozenset[date] = frozenset()


class Opening(NamedTuple):
    """A time to be offered; both ends in UTC."""

    start: datetime
    end: datetime
    capacity: int


def expand(calendar: Calendar, *, first: date, until: date) -> list[Opening]:
    """Return the times that begin on the Rome days from ``first`` to the day before ``until``, in order.

    They never overlap: where hours do, the time that begins earlier is offered, then the shorter one.
    """
    apart: list[Opening] = []
    for opening in sorted(_openings(calendar, first, until)):
        if not apart or apart[-1].end <= opening.start:
            apart.append(opening)
    return [opening for opening in apart if rome_date(opening.start) >= first]


def rules_that_overlap(rules: Iterable[Rule]) -> tuple[Rule, Rule] | None:
    """Return two rules that would have the same listing open twice at the same time, if there are."""
    return next(
        (
            (one, other)
            for one, other in combinations(rules, 2)
            if _valid_together(one, other) and _meet(one, other)
        ),
        None,
    )


def _openings(calendar: Calendar, first: date, until: date) -> Iterator[Opening]:
    # A night's hours begin the day before, and another zone's day may be Rome's day before or after.
    day = first - 2 * DAY
    while day <= until:
        for hours, holidays_too in _hours_of(calendar, day):
            for opening in _cut(hours, day):
                begins = rome_date(opening.start)
                closed = begins in calendar.closed or (begins in calendar.holidays and not holidays_too)
                if begins < until and not closed:
                    yield opening
        day += DAY


def _hours_of(calendar: Calendar, day: date) -> Iterator[tuple[Hours, bool]]:
    if day in calendar.special:
        yield from ((hours, True) for hours in calendar.special[day])
    else:
        yield from ((rule.hours, rule.holidays_too) for rule in calendar.weekly if rule.holds_on(day))


def _cut(hours: Hours, day: date) -> Iterator[Opening]:
    opens = datetime.combine(day, hours.opens)
    length = timedelta(minutes=hours.slot_minutes)
    for number in range(hours.minutes // hours.slot_minutes):
        wall = opens + number * length
        start = moment_on_the_wall(wall, hours.zone)
        end = moment_until_the_wall(wall + length, hours.zone)
        if start and end:
            yield Opening(start, end, hours.capacity)


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _valid_together(one: Rule, other: Rule) -> bool:
    ends = [rule.until_date for rule in (one, other) if rule.until_date is not None]
    return not ends or max(one.from_date, other.from_date) < min(ends)


def _meet(one: Rule, other: Rule) -> bool:
    """Return whether two rules meet on the circle of the week."""
    begin, other_begin = (rule.weekday * DAY_MINUTES + _minute(rule.hours.opens) for rule in (one, other))
    return (other_begin - begin) % WEEK_MINUTES < one.hours.minutes or (
        begin - other_begin
    ) % WEEK_MINUTES < other.hours.minutes
