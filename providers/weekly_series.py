"""A time wished for every week: which of its dates can be had, why the others cannot, and what is near them.

Every week means the same hour on the wall in Rome, whatever the clocks do in between.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from django.db.models import Max
from django.db.models.functions import Lower

from kernel.clock import ROME, moment_on_the_wall, rome_date, rome_midnight
from providers.calendar import Calendar
from providers.calendar_of import calendar_of, cooperative_of_listing
from providers.keep_slot import is_too_late
from providers.models import Slot

WEEK = timedelta(days=7)
AROUND = timedelta(days=3)
DAY = timedelta(days=1)


class Standing(Enum):
    """What can be said of a date: that it is free, or the first reason why it is not."""

    FREE = "free"
    MINE = "mine"
    NEAR = "near"
    FULL = "full"
    FEW = "few"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    NO_SUCH_HOUR = "no such hour"
    BEYOND = "beyond"
    ABSENT = "absent"


@dataclass(frozen=True)
class Occurrence:
    """One date of the series: its slot where there is one, and another one near where it cannot be had.

    ``around`` are the keys of all bookable slots from three days before to three days after.
    """

    day: date
    standing: Standing
    slot: Slot | None
    instead: Slot | None
    around: frozenset[int]

    @property
    def is_free(self) -> bool:
        return self.standing is Standing.FREE


@dataclass(frozen=True)
class Series:
    """The dates wished for, and the last day for which the listing has times at all."""

    occurrences: list[Occurrence]
    last_published: date


def weekly_series(slot: Slot, *, times: int, places: int, mine: Collection[int], now: datetime) -> Series:
    """Return the dates of so many weeks from the slot's on, in a fixed number of queries.

    ``places`` are asked of each; ``mine`` are the slots that the basket keeps already.
    """
    wall = slot.starts_at.astimezone(ROME).replace(tzinfo=None)
    walls = [wall + number * WEEK for number in range(times)]
    first, until = walls[0].date() - AROUND, walls[-1].date() + AROUND + DAY
    offered = Slot.objects.filter(listing=slot.listing, closed_at=None)
    slots = list(offered.beginning(rome_midnight(first), rome_midnight(until)).order_by("start"))
    for found in slots:
        found.listing = slot.listing
    farthest = offered.aggregate(last=Max(Lower("period")))["last"]
    last = rome_date(farthest) if farthest else rome_date(now)
    calendar = calendar_of(
        slot.listing, cooperative_id=cooperative_of_listing(slot.listing), first=first, until=until
    )
    bookable = [s for s in slots if s.free >= places and s.pk not in mine and not is_too_late(s, now)]
    by_start = {found.starts_at: found for found in slots}

    def occurrence(wall: datetime) -> Occurrence:
        day, moment = wall.date(), moment_on_the_wall(wall)
        found = by_start.get(moment) if moment else None
        if found:
            standing = _standing_of(found, places, mine, now)
        elif moment is None:
            standing = Standing.NO_SUCH_HOUR
        else:
            standing = _absence(day, calendar, last)
        near = [s for s in bookable if abs(rome_date(s.starts_at) - day) <= AROUND]
        wished = moment or wall.replace(tzinfo=ROME)
        return Occurrence(
            day=day,
            standing=standing,
            slot=found,
            instead=None if standing is Standing.FREE else _nearest(near, wished),
            around=frozenset(s.pk for s in near),
        )

    return Series([occurrence(wall) for wall in walls], last)


def _standing_of(slot: Slot, places: int, mine: Collection[int], now: datetime) -> Standing:
    if slot.pk in mine:
        return Standing.MINE
    if is_too_late(slot, now):
        return Standing.NEAR
    if slot.free < 1:
        return Standing.FULL
    return Standing.FEW if slot.free < places else Standing.FREE


def _absence(day: date, calendar: Calendar, last_published: date) -> Standing:
    if day in calendar.closed:
        return Standing.CLOSED
    if day in calendar.holidays:
        return Standing.HOLIDAY
    return Standing.BEYOND if day > last_published else Standing.ABSENT


def _nearest(slots: Iterable[Slot], wished: datetime) -> Slot | None:
    return min(slots, key=lambda s: (abs(s.starts_at - wished), s.starts_at), default=None)
