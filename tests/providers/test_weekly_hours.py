"""Hours as they are set and kept: what makes sense, and what the database refuses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.models import AuditRow
from kernel.actor import Actor
from kernel.clock import ROME
from providers.keep_slot import keep_slot
from providers.models import Slot, WeeklyHours
from providers.set_weekly_hours import HoursOverlap, HoursTooShort, set_weekly_hours
from tests.builders import NOW, a_listing
from tests.providers.calendars import (
    MONDAY,
    TUESDAY,
    every,
    special_hours,
    weekly_hours,
)

DESK = Actor.user(7, through="test")  # and NOW is Sunday 22 November 2026, 10:00 in Rome
WEEK = timedelta(days=7)

pytestmark = pytest.mark.django_db


def offered(listing):
    """Open times as people in Rome read them, with their places: ``23 09:00 x2``."""
    slots = Slot.objects.filter(listing=listing, closed_at=None).order_by("period")
    return [f"{slot.starts_at.astimezone(ROME):%d %H:%M} x{slot.capacity}" for slot in slots]


def test_when_hours_change_free_times_are_replaced_and_held_ones_stay_and_are_reported():
    listing = a_listing()
    set_weekly_hours(listing.pk, [every(MONDAY, "9:00-12:00")], from_date=NOW.date(), by=DESK, now=NOW)
    held = Slot.objects.filter(listing=listing).order_by("period")[1]
    keep_slot(held.pk, keeper="basket:1", now=NOW)

    published = set_weekly_hours(
        listing.pk, [every(MONDAY, "9:30-12:30", capacity=4)], from_date=NOW.date(), by=DESK, now=NOW
    )

    held.refresh_from_db()
    assert published.left == (held.pk,)
    assert (held.capacity, held.taken, held.closed_at) == (2, 1, None)
    # 9:30 and 10:30 would overlap the held 10:00; the Monday after has its new hours whole.
    assert offered(listing)[:5] == ["23 10:00 x2", "23 11:30 x4", "30 09:30 x4", "30 10:30 x4", "30 11:30 x4"]


def test_new_hours_end_the_old_ones_and_delete_nothing():
    listing = a_listing()
    weekly_hours(
        listing, every(MONDAY, "9:00-10:00"), every(MONDAY, "15:00-16:00", from_date=date(2027, 1, 1))
    )

    set_weekly_hours(
        listing.pk, [every(TUESDAY, "9:00-10:00")], from_date=date(2026, 12, 1), by=DESK, now=NOW
    )

    assert list(WeeklyHours.objects.order_by("pk").values_list("from_date", "until_date")) == [
        (date(2020, 1, 1), date(2026, 12, 1)),
        (date(2027, 1, 1), date(2027, 1, 1)),
        (date(2026, 12, 1), None),
    ]
    assert offered(listing)[:3] == ["23 09:00 x2", "30 09:00 x2", "01 09:00 x2"]


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        ([every(MONDAY, "9:00-12:00"), every(MONDAY, "11:00-13:00")], HoursOverlap),
        ([every(MONDAY, "9:00-9:30")], HoursTooShort),
    ],
)
def test_hours_that_make_no_sense_are_refused_and_nothing_is_written(rules, refusal):
    listing = a_listing()

    with pytest.raises(refusal, match=r"\w"):
        set_weekly_hours(listing.pk, rules, from_date=NOW.date(), by=DESK, now=NOW)

    assert WeeklyHours.objects.count() == Slot.objects.count() == AuditRow.objects.count() == 0


def test_a_time_zone_that_is_none_is_refused_in_the_form():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-10:00"))
    row = WeeklyHours.objects.get()
    row.full_clean()
    row.zone = "Europe/Atlantis"

    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": 7},
        {"capacity": 0},
        {"slot_minutes": 0},
        {"slot_minutes": 1441},
        {"closes": "9:00"},
        {"until_date": date(2019, 12, 31)},
    ],
)
def test_the_database_refuses_hours_that_are_none(wrong):
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-10:00"))

    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyHours.objects.update(**wrong)


def test_special_hours_need_a_listing_and_a_closure_has_no_hours():
    listing = a_listing()
    exception = special_hours(date(2026, 12, 9), "15:00-16:00", of=listing)

    for wrong in (
        {"listing": None},
        {"closes": None},
        {"capacity": None},
        {"slot_minutes": None},
        {"opens": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(exception).objects.filter(pk=exception.pk).update(**wrong)
