"""Publishing while others publish and keep."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from kernel.actor import Actor
from providers.keep_slot import keep_slot
from providers.models import Slot, WeeklyHours
from providers.publish_slots import publish_slots
from providers.set_weekly_hours import set_weekly_hours
from tests.builders import NOW, a_listing
from tests.providers.calendars import (
    TUESDAY,
    every,
    every_day,
    one_then_other,
    weekly_hours,
)
from tests.threads import at_once, without_locks

DESK = Actor.user(7, through="test")  # and NOW is Sunday 22 November 2026, 10:00 in Rome
WEEK = timedelta(days=7)

pytestmark = pytest.mark.django_db(transaction=True)


def publish(listing, *, now=NOW, horizon=WEEK):
    return publish_slots(listing.pk, by=DESK, now=now, horizon=horizon)


def test_eight_publish_at_once_and_each_time_is_there_once():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-12:00"))

    results = at_once(8, lambda _: publish(listing))

    assert sorted(result.offered for result in results) == [0] * 7 + [6 * 3 + 2]
    assert Slot.objects.count() == 6 * 3 + 2


def test_control_without_the_lock_the_database_itself_keeps_times_apart():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-12:00"))

    with without_locks():
        at_once(8, lambda _: publish(listing))

    assert Slot.objects.count() == 6 * 3 + 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(listing=listing, period=Slot.objects.all()[0].period, capacity=1)


def keep_then_publish_other_hours():
    listing = a_listing()
    weekly_hours(listing, every(TUESDAY, "9:00-10:00"))
    publish(listing)
    slot = Slot.objects.get()
    WeeklyHours.objects.update(opens="9:30", closes="10:30")
    return slot, lambda: keep_slot(slot.pk, keeper="basket:1", now=NOW), lambda: publish(listing)


def test_publishing_other_hours_waits_for_who_is_just_keeping_and_leaves_the_time():
    slot, keep, publish_others = keep_then_publish_other_hours()

    _, published = one_then_other(keep, publish_others)

    slot.refresh_from_db()
    assert published.left == (slot.pk,)
    assert (slot.closed_at, slot.taken) == (None, 1)


def test_control_without_the_lock_a_held_time_is_taken_off():
    slot, keep, publish_others = keep_then_publish_other_hours()

    with without_locks():
        _, published = one_then_other(keep, publish_others)

    slot.refresh_from_db()
    assert published.left == ()
    assert slot.closed_at is not None
    assert (slot.capacity, slot.taken) == (1, 1)  # even so, nothing more is sold of it


def two_set_the_hours():
    listing = a_listing()
    one_then_other(
        lambda: set_weekly_hours(
            listing.pk, [every(TUESDAY, "9:00-12:00")], from_date=NOW.date(), by=DESK, now=NOW
        ),
        lambda: set_weekly_hours(
            listing.pk, [every(TUESDAY, "9:30-12:30")], from_date=NOW.date(), by=DESK, now=NOW
        ),
    )
    return list(WeeklyHours.objects.filter(until_date=None).values_list("opens", flat=True))


def test_of_two_who_set_the_hours_at_once_the_second_ends_those_of_the_first():
    assert two_set_the_hours() == [time(9, 30)]

    assert {slot.starts_at.minute for slot in Slot.objects.filter(closed_at=None)} == {30}


def test_control_without_the_calendars_lock_the_listing_is_open_twice_at_once():
    with without_locks():
        assert two_set_the_hours() == [time(9), time(9, 30)]
