"""Publishing the times that the hours give: what is there and agrees stays, what is held is never touched."""

from datetime import date, timedelta

import pytest

from audit.models import AuditRow
from kernel.actor import Actor
from kernel.clock import ROME
from marketplace.sweepers import COMING_DAYS
from outbox.sweeping import run_sweep
from providers.keep_slot import KEPT_FOR, SlotFull, keep_slot
from providers.models import Slot, SlotHold, WeeklyHours
from providers.publish_slots import listings_to_publish, publish_slots
from providers.release_slot_holds import release_slot_holds
from tests.builders import NOW, a_cooperative, a_listing
from tests.providers.calendars import (
    FRIDAY,
    MONDAY,
    SUNDAY,
    TUESDAY,
    a_closure,
    a_hold,
    every,
    every_day,
    special_hours,
    weekly_hours,
)

DESK = Actor.user(7, through="test")  # and NOW is Sunday 22 November 2026, 10:00 in Rome
WEEK = timedelta(days=7)

pytestmark = pytest.mark.django_db


def the_sweep_publishes(now):
    run_sweep(COMING_DAYS, clock=lambda: now)


def publish(listing, *, now=NOW, horizon=WEEK):
    return publish_slots(listing.pk, by=DESK, now=now, horizon=horizon)


def offered(listing):
    """Open times as people in Rome read them, with their places: ``23 09:00 x2``."""
    slots = Slot.objects.filter(listing=listing, closed_at=None).order_by("period")
    return [f"{slot.starts_at.astimezone(ROME):%d %H:%M} x{slot.capacity}" for slot in slots]


def test_the_coming_days_are_published_as_the_hours_say():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-11:00"), every(FRIDAY, "9:00-10:00", capacity=5))

    published = publish(listing)

    assert offered(listing) == ["23 09:00 x2", "23 10:00 x2", "27 09:00 x5"]
    assert (published.offered, published.altered, published.taken_off, published.left) == (3, 0, 0, ())


def test_sixty_days_are_published_and_what_has_begun_today_is_not():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-12:00", holidays_too=True))

    publish_slots(listing.pk, by=DESK, now=NOW)

    first, *_, last = Slot.objects.filter(listing=listing).order_by("period")
    assert first.starts_at == NOW  # 10:00, not 9:00
    assert last.starts_at.astimezone(ROME).date() == date(2027, 1, 20)
    assert Slot.objects.count() == 60 * 3 - 1


def test_publishing_again_changes_nothing_and_is_not_even_recorded():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-12:00"))
    publish(listing)
    before = list(Slot.objects.order_by("pk").values())

    published = publish(listing)

    assert not published.changed_anything
    assert list(Slot.objects.order_by("pk").values()) == before
    assert AuditRow.objects.filter(verb="publish_slots").count() == 1


def test_who_published_is_recorded():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-10:00"))

    publish(listing)

    row = AuditRow.objects.get(verb="publish_slots")
    assert (row.who, row.subject, row.facts["offered"]) == ("user:7", f"listing:{listing.pk}", 1)


def test_public_holidays_and_closed_days_are_left_out_and_special_hours_stand():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-10:00"))
    a_closure(date(2026, 12, 7))
    special_hours(date(2026, 12, 9), "15:00-16:00", of=listing)
    special_hours(date(2026, 12, 7), "15:00-16:00", of=listing)

    publish(listing, now=NOW + 2 * WEEK)

    # 8 December is the Immaculate Conception.
    assert offered(listing) == ["09 15:00 x1", "10 09:00 x2", "11 09:00 x2", "12 09:00 x2"]


def test_a_closure_of_one_listing_leaves_the_cooperatives_others_open():
    closed, other = a_listing(), a_listing()
    for listing in (closed, other):
        weekly_hours(listing, every(MONDAY, "9:00-10:00"))
    a_closure(date(2026, 11, 23), of=closed)

    publish(closed)
    publish(other)

    assert (offered(closed), offered(other)) == ([], ["23 09:00 x2"])


def test_another_cooperatives_closure_is_not_ours():
    listing = a_listing(by=a_cooperative("Papavero"))
    weekly_hours(listing, every(MONDAY, "9:00-10:00"))
    a_closure(date(2026, 11, 23))

    publish(listing)

    assert offered(listing) == ["23 09:00 x2"]


def test_once_the_hold_is_gone_the_new_hours_come():
    listing = a_listing()
    weekly_hours(listing, every(TUESDAY, "9:00-10:00"))
    publish(listing)
    hold = keep_slot(Slot.objects.get().pk, keeper="basket:1", now=NOW)
    WeeklyHours.objects.update(opens="9:30", closes="10:30")

    while_held = publish(listing)
    after = publish(listing, now=NOW + KEPT_FOR)

    hold.refresh_from_db()
    assert while_held.left == (hold.slot_id,)
    assert (after.left, hold.state) == ((), SlotHold.State.RELEASED)
    assert offered(listing) == ["24 09:30 x2"]


def test_more_places_come_to_free_times_only():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-11:00"))
    publish(listing)
    held = Slot.objects.order_by("period")[0]
    a_hold(held)
    WeeklyHours.objects.update(capacity=6)

    published = publish(listing)

    assert offered(listing) == ["23 09:00 x2", "23 10:00 x6"]
    assert (published.altered, published.left) == (1, (held.pk,))


def test_hours_taken_back_bring_back_the_same_slots():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-11:00"))
    publish(listing)
    for opens, closes in (("9:30", "11:30"), ("9:00", "11:00")):
        WeeklyHours.objects.update(opens=opens, closes=closes)
        publish(listing)

    assert offered(listing) == ["23 09:00 x2", "23 10:00 x2"]
    assert Slot.objects.count() == 4


def test_a_time_taken_off_does_not_come_back_over_one_that_is_held():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-10:00"))
    publish(listing)
    WeeklyHours.objects.update(opens="9:30", closes="10:30")
    publish(listing)
    held = a_hold(Slot.objects.get(closed_at=None)).slot
    WeeklyHours.objects.update(opens="9:00", closes="10:00")

    published = publish(listing)

    assert held.pk in published.left
    assert offered(listing) == ["23 09:30 x2"]


def test_a_time_taken_off_cannot_be_kept_and_the_refusal_is_in_words():
    listing = a_listing()
    weekly_hours(listing, every(TUESDAY, "9:00-10:00"))
    publish(listing)
    slot = Slot.objects.get()
    WeeklyHours.objects.update(weekday=SUNDAY)
    publish(listing)

    with pytest.raises(SlotFull):
        keep_slot(slot.pk, keeper="basket:1", now=NOW)

    assert SlotHold.objects.count() == 0
    assert not Slot.objects.filter(pk=slot.pk).bookable(NOW, within=WEEK).exists()


def test_the_night_publishes_all_listings_with_hours_and_touches_no_others():
    with_hours, by_hand = a_listing(), a_listing()
    weekly_hours(with_hours, every(MONDAY, "9:00-10:00"), every(TUESDAY, "9:00-10:00"))
    slot = Slot.objects.create(
        listing=by_hand, period=(NOW + WEEK, NOW + WEEK + timedelta(hours=1)), capacity=1
    )

    the_sweep_publishes(NOW)
    the_sweep_publishes(NOW)

    slot.refresh_from_db()
    assert Slot.objects.filter(listing=with_hours).count() == 9 + 8
    assert (slot.closed_at, Slot.objects.filter(listing=by_hand).count()) == (None, 1)


def test_the_night_begins_with_the_listings_whose_times_reach_less_far():
    far, never, near = a_listing(), a_listing(), a_listing()
    for listing in (far, never, near):
        weekly_hours(listing, every(TUESDAY, "9:00-10:00"))
    publish(far, horizon=3 * WEEK)
    publish(near)

    assert list(listings_to_publish(NOW)) == [never.pk, near.pk, far.pk]


def test_one_listing_with_a_fault_does_not_keep_the_others_from_their_new_day(caplog):
    faulty, sound = a_listing(), a_listing()
    for listing in (faulty, sound):
        weekly_hours(listing, every(MONDAY, "9:00-10:00"))
    WeeklyHours.objects.filter(listing=faulty).update(zone="Europe/Atlantis")

    the_sweep_publishes(NOW)

    assert Slot.objects.filter(listing=sound).exists()
    assert not Slot.objects.filter(listing=faulty).exists()
    assert "ZoneInfoNotFoundError" in caplog.text


def test_a_place_given_back_to_a_closed_slot_leaves_with_its_holder():
    listing = a_listing()
    weekly_hours(listing, every(MONDAY, "9:00-10:00"))
    publish(listing)
    slot = Slot.objects.get()
    hold = a_hold(slot)
    Slot.objects.filter(pk=slot.pk).shut(NOW)

    release_slot_holds([hold.pk])

    slot.refresh_from_db()
    assert (slot.taken, slot.capacity, slot.free) == (0, 0, 0)
