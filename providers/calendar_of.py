"""The calendar of a listing, read from its rows; and the lock under which a cooperative's calendar is changed.

Whoever changes or publishes hours locks the cooperative first, its slots after: nobody who holds a slot ever
asks for the cooperative.
"""

from collections import defaultdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from catalogue.models import Listing
from providers.calendar import Calendar, Hours, Rule
from providers.models import CalendarException, Cooperative, WeeklyHours
from providers.public_holidays import holidays_between

DAY = timedelta(days=1)


def lock_calendar(cooperative_id: int) -> Cooperative:
    """Lock the cooperative's calendar until the transaction ends; bookings go on."""
    return Cooperative.objects.select_for_update(no_key=True).get(pk=cooperative_id)


def cooperative_of_listing(listing: Listing) -> int:
    """Return the cooperative whose listing it is."""
    return Cooperative.objects.values_list("pk", flat=True).get(partner=listing.stockrecord.partner_id)


def calendar_of(listing: Listing, *, cooperative_id: int, first: date, until: date) -> Calendar:
    """Return what the rows say about the Rome days from ``first`` to the day before ``until``."""
    # The evening before reaches into the first day.
    early, late = first - 2 * DAY, until + DAY
    exceptions = CalendarException.objects.touching(early, late).filter(
        Q(listing=None) | Q(listing=listing), cooperative=cooperative_id
    )
    special: dict[date, list[Hours]] = defaultdict(list)
    closed: set[date] = set()
    for exception in exceptions.order_by("pk"):
        days = _days(max(exception.from_date, early), min(exception.until_date, late))
        if exception.is_closed:
            closed.update(days)
        else:
            for day in days:
                special[day].append(_hours(exception))
    weekly = WeeklyHours.objects.valid_between(early, late).filter(listing=listing).order_by("pk")
    return Calendar(
        weekly=[
            Rule(row.weekday, _hours(row), row.from_date, row.until_date, row.holidays_too) for row in weekly
        ],
        special=special,
        closed=frozenset(closed),
        holidays=holidays_between(early, late),
    )


def _days(first: date, until: date) -> list[date]:
    return [first + n * DAY for n in range((until - first).days)]


def _hours(row: WeeklyHours | CalendarException) -> Hours:
    assert row.opens is not None, "closed days have no hours"
    assert row.closes is not None
    assert row.slot_minutes is not None
    assert row.capacity is not None
    return Hours(row.opens, row.closes, row.slot_minutes, row.capacity, ZoneInfo(row.zone))
