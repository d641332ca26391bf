"""The times of a listing as its page offers them: the first free one, then days with times, so many a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import groupby

from django.db.models import F

from catalogue.models import Listing
from kernel.clock import rome_date, rome_midnight
from providers.keep_slot import is_too_late
from providers.models import Slot
from storefront.refresh_index import LOOK_AHEAD

DAYS_AT_ONCE = 3
DAYS_A_PAGE = 7
TIMES_A_PAGE = 150


class Standing(Enum):
    FREE = "free"
    FEW = "few"
    FULL = "full"
    NEAR = "near"
    FIRST = "first"


@dataclass(frozen=True)
class Time:
    """A slot, and whether it can be chosen here: the first free one is chosen at the top."""

    slot: Slot
    standing: Standing

    @property
    def can_be_chosen(self) -> bool:
        return self.standing in {Standing.FREE, Standing.FEW}


@dataclass(frozen=True)
class Day:
    date: date
    times: list[Time]

    @property
    def has_a_choice(self) -> bool:
        return any(time.can_be_chosen or time.standing is Standing.FIRST for time in self.times)


@dataclass(frozen=True)
class Times:
    """``days`` are seen at once and ``other_days`` on demand; ``chosen`` was chosen on another page of days."""

    first: Slot | None
    chosen: Slot | None
    days: list[Day]
    other_days: list[Day]
    next_day: date | None
    begins_later: bool


def times_of(
    listing: Listing, *, places: int, asked_day: date | None, chosen_id: int | None, now: datetime
) -> Times:
    """Return the times of seven days that have some, from the asked day on or else from the first free time.

    However many times the listing has, this asks the database the same, and shows no more.
    """
    bookable = Slot.objects.bookable(now, within=LOOK_AHEAD).filter(listing=listing).order_by("start")
    first = bookable.filter(capacity__gte=F("taken") + places).first() or bookable.first()
    if first is None:
        return Times(None, None, [], [], None, begins_later=False)
    first_day = rome_date(first.starts_at)
    begin = min(max(asked_day or first_day, first_day), rome_date(now + LOOK_AHEAD))
    slots, is_all = _offered(listing, begin, now)
    days = _days(slots, first, places, now, is_all=is_all)
    shown = {time.slot.pk for day in days for time in day.times} | {first.pk}
    chosen = None
    if chosen_id is not None and chosen_id not in shown:
        chosen = bookable.filter(pk=chosen_id).first()
    after = rome_midnight(date.fromordinal((days[-1].date if days else begin).toordinal() + 1))
    later = (
        slot for slot in slots if slot.starts_at >= after and slot.free > 0 and not is_too_late(slot, now)
    )
    further = next(later, None)
    if further is None and not is_all:
        further = bookable.beginning(after, now + LOOK_AHEAD).first()
    at_once = _until_enough_choice(days)
    return Times(
        first=first,
        chosen=chosen,
        days=days[:at_once],
        other_days=days[at_once:],
        next_day=rome_date(further.starts_at) if further else None,
        begins_later=begin > first_day,
    )


def _offered(listing: Listing, begin: date, now: datetime) -> tuple[list[Slot], bool]:
    """Return the slots offered from a day on, full or not, one more than a page shows; and whether that is all."""
    offered = Slot.objects.filter(listing=listing, closed_at=None, capacity__gt=0)
    slots = offered.beginning(rome_midnight(begin), now + LOOK_AHEAD).order_by("start")[: TIMES_A_PAGE + 1]
    found = list(slots)
    for slot in found:
        slot.listing = listing
    return found, len(found) <= TIMES_A_PAGE


def _days(slots: list[Slot], first: Slot, places: int, now: datetime, *, is_all: bool) -> list[Day]:
    days = [
        Day(day, [_time(slot, first, places, now) for slot in group])
        for day, group in groupby(slots, key=lambda slot: rome_date(slot.starts_at))
    ]
    # The last day may have been cut off.
    if not is_all and len(days) > 1:
        days = days[:-1]
    return days[:DAYS_A_PAGE]


def _time(slot: Slot, first: Slot, places: int, now: datetime) -> Time:
    if slot.pk == first.pk:
        return Time(slot, Standing.FIRST)
    if slot.free < 1:
        return Time(slot, Standing.FULL)
    if is_too_late(slot, now):
        return Time(slot, Standing.NEAR)
    return Time(slot, Standing.FEW if slot.free < places else Standing.FREE)


def _until_enough_choice(days: Iterable[Day]) -> int:
    """Return how many days hold three with something to choose."""
    number = choices = 0
    for number, day in enumerate(days, start=1):
        choices += day.has_a_choice
        if choices == DAYS_AT_ONCE:
            return number
    return number
