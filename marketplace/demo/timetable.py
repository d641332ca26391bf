"""Opening hours written as people say them, turned into periods: ``lun-ven 9:00-11:00 14:00-16:00``.

Hours are Rome's wall time, before and after the clocks change. Nothing here reads the clock.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from kernel.clock import ROME

AHEAD = timedelta(days=28)
WEEKDAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")


def periods(
    lines: Iterable[str], *, today: date, closed_days: Collection[str] = ()
) -> list[tuple[datetime, datetime]]:
    """Return the periods of the four weeks after ``today``, in order, without the closed days (``12-25``)."""
    rules = [_rule(line) for line in lines]
    return sorted(
        (_moment(day, start), _moment(day, end))
        for day in _days_after(today)
        if day.strftime("%m-%d") not in closed_days
        for weekdays, hours in rules
        if day.weekday() in weekdays
        for start, end in hours
    )


def _days_after(today: date) -> Iterator[date]:
    return (today + timedelta(days=n) for n in range(1, AHEAD.days + 1))


def _rule(line: str) -> tuple[set[int], list[tuple[time, time]]]:
    days, *hours = line.split()
    return _weekdays(days), [_hours(text) for text in hours]


def _weekdays(text: str) -> set[int]:
    first, dash, last = text.partition("-")
    if dash:
        return set(range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1))
    return {WEEKDAYS.index(day) for day in text.split(",")}


def _hours(text: str) -> tuple[time, time]:
    start, end = text.split("-")
    return _hour(start), _hour(end)


def _hour(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=ROME)
