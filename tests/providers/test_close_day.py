"""Closing a day: nothing more is sold on it, and every promise made for it is handed on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditRow
from kernel.actor import Actor
from outbox.models import Message
from providers.close_day import DayPast, close_day
from providers.keep_slot import SlotFull, keep_slot
from providers.models import CalendarException, Slot, SlotHold
from providers.place_slot_holds import place_slot_holds
from providers.publish_slots import publish_slots
from providers.release_slot_holds import release_slot_holds
from tests.builders import NOW, a_cooperative, a_district, a_listing, a_slot
from tests.providers.calendars import (
    a_hold,
    a_staff_member,
    a_visit,
    every_day,
    weekly_hours,
)

DESK = Actor.user(7, through="test")
DAY = timedelta(days=1)
THE_DAY = date(2026, 11, 25)  # three days from NOW, when slots and visits of the builders begin

pytestmark = pytest.mark.django_db


def close(day=THE_DAY, *, now=NOW, of=None):
    return close_day((of or a_cooperative()).pk, day, reason="Influenza", by=DESK, now=now)


def places_of(slot):
    slot.refresh_from_db()
    return slot.capacity, slot.taken


def test_free_times_of_the_day_are_taken_off_and_those_of_other_days_stay():
    that_day, day_after = a_slot(), a_slot(starts_in=4 * DAY)

    close()

    assert (places_of(that_day), places_of(day_after)) == ((0, 0), (3, 0))
    assert list(Slot.objects.bookable(NOW, within=9 * DAY)) == [day_after]
    with pytest.raises(SlotFull):
        keep_slot(that_day.pk, keeper="basket:1", now=NOW)


def test_another_cooperative_stays_open():
    neighbours = a_slot(of=a_listing(by=a_cooperative("Papavero")))
    a_slot()

    close()

    assert places_of(neighbours) == (3, 0)


def test_all_listings_of_the_cooperative_are_closed():
    slots = [a_slot(), a_slot()]

    close()

    assert [places_of(slot) for slot in slots] == [(0, 0), (0, 0)]


def test_what_is_taken_stays_and_is_handed_on_with_its_visit_and_who_was_to_go():
    visit, bruna = a_visit(), a_staff_member()
    visit.staff = bruna
    visit.save()
    slot = visit.slot_hold.slot
    being_paid = a_hold(slot, SlotHold.State.PLACED)

    closed = close()

    assert places_of(slot) == (2, 2)
    assert [(p.hold_id, p.state, p.visit_id, p.staff_id) for p in closed.promises] == [
        (visit.slot_hold_id, "taken", visit.pk, bruna.pk),
        (being_paid.pk, "placed", None, None),
    ]
    assert closed.promises[0].period == (slot.starts_at, slot.ends_at)


def test_a_place_refunded_later_is_not_sold_again():
    visit = a_visit()
    close()

    release_slot_holds([visit.slot_hold_id])

    assert places_of(visit.slot_hold.slot) == (0, 0)


def test_a_time_in_a_basket_is_given_back_and_cannot_be_paid_any_more():
    slot = a_slot()
    hold = keep_slot(slot.pk, keeper="basket:1", now=NOW)

    closed = close()

    hold.refresh_from_db()
    assert (hold.state, closed.given_back, closed.promises) == (SlotHold.State.RELEASED, (hold.pk,), ())
    assert places_of(slot) == (0, 0)
    with pytest.raises(SlotFull), transaction.atomic():
        place_slot_holds([hold.pk], now=NOW)


def test_the_outcome_is_in_the_outbox_and_the_act_in_the_audit():
    visit, kept = a_visit(), keep_slot(a_slot().pk, keeper="basket:1", now=NOW)

    closed = close()

    message = Message.objects.get(topic="day_closed")
    assert message.key == f"day_closed:{closed.exception_id}"
    assert message.payload == {
        "cooperative_id": a_cooperative().pk,
        "date": "2026-11-25",
        "given_back_hold_ids": [kept.pk],
        "promised_hold_ids": [visit.slot_hold_id],
        "visit_ids": [visit.pk],
    }
    row = AuditRow.objects.get(verb="close_day")
    assert (row.who, row.reason, row.district_id) == ("user:7", "Influenza", a_district().pk)
    assert row.subject == f"cooperative:{a_cooperative().pk}"


def test_a_cooperative_of_two_districts_closes_in_both_and_both_can_read_why():
    neighbours = a_district("lodigiano")
    a_cooperative().districts.add(neighbours)

    close()

    rows = AuditRow.objects.filter(verb="close_day")
    assert set(rows.values_list("district_id", flat=True)) == {a_district().pk, neighbours.pk}
    assert Message.objects.filter(topic="day_closed").count() == 1


def test_closing_twice_tells_once_and_answers_with_what_is_still_promised():
    visit, other = a_visit(), a_visit()
    first = close()
    release_slot_holds([other.slot_hold_id])

    again = close()

    assert again.exception_id == first.exception_id
    assert [promise.visit_id for promise in again.promises] == [visit.pk]
    assert CalendarException.objects.count() == 1
    assert Message.objects.filter(topic="day_closed").count() == 1
    assert AuditRow.objects.filter(verb="close_day").count() == 1


def test_yesterday_is_not_closed_any_more_and_nothing_is_written():
    with pytest.raises(DayPast, match="21"):
        close(date(2026, 11, 21))

    assert CalendarException.objects.count() == Message.objects.count() == 0


def test_today_is_closed_from_now_on_and_what_has_begun_is_finished():
    begun, to_come = a_slot(starts_in=-timedelta(hours=1)), a_slot(starts_in=timedelta(hours=2))

    close(date(2026, 11, 22))

    assert (places_of(begun), places_of(to_come)) == ((3, 0), (0, 0))


def test_a_day_begins_and_ends_at_midnight_in_rome_also_when_it_has_25_hours():
    listing = a_listing()
    edges = [
        datetime(2027, 10, 30, 21, 59, tzinfo=UTC),  # 30 October, 23:59
        datetime(2027, 10, 30, 22, 0, tzinfo=UTC),  # 31 October, 0:00
        datetime(2027, 10, 31, 22, 59, tzinfo=UTC),  # 31 October, 23:59
        datetime(2027, 10, 31, 23, 0, tzinfo=UTC),  # 1 November, 0:00
    ]
    slots = [
        Slot.objects.create(listing=listing, period=(edge, edge + timedelta(minutes=1)), capacity=1)
        for edge in edges
    ]

    close(date(2027, 10, 31))

    assert [places_of(slot)[0] for slot in slots] == [1, 0, 0, 1]


def test_a_closed_day_is_not_published_again_until_its_exception_is_lifted():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-10:00"))
    publish_slots(listing.pk, by=DESK, now=NOW, horizon=7 * DAY)
    closed = close()

    publish_slots(listing.pk, by=DESK, now=NOW, horizon=7 * DAY)
    assert Slot.objects.filter(closed_at=None).count() == 5

    CalendarException.objects.filter(pk=closed.exception_id).delete()
    publish_slots(listing.pk, by=DESK, now=NOW, horizon=7 * DAY)
    assert Slot.objects.filter(closed_at=None, capacity=2).count() == 6 == Slot.objects.count()


def test_the_database_lets_a_closed_slot_offer_nothing():
    slot = a_slot()
    close()

    Slot.objects.filter(pk=slot.pk).update(capacity=5)
    assert places_of(slot) == (0, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(listing=slot.listing, period=(NOW, NOW + DAY), capacity=1, closed_at=NOW)
