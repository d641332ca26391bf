"""Closing a day while others keep, pay, publish and assign."""

from contextlib import nullcontext, suppress
from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from audit.models import AuditRow
from kernel.actor import Actor
from kernel.errors import DomainError
from outbox.models import Message
from providers.assign_staff import assign_staff
from providers.close_day import close_day
from providers.keep_slot import SlotFull, keep_slot
from providers.models import CalendarException, Slot, SlotHold
from providers.place_slot_holds import place_slot_holds
from providers.publish_slots import publish_slots
from providers.release_slot_holds import release_slot_holds
from tests.builders import NOW, a_cooperative, a_listing, a_slot
from tests.providers.calendars import (
    a_staff_member,
    a_visit,
    every_day,
    one_then_other,
    weekly_hours,
)
from tests.threads import at_once, without_locks

DESK = Actor.user(7, through="test")
DAY = timedelta(days=1)
THE_DAY = date(2026, 11, 25)  # three days from NOW, when slots and visits of the builders begin

pytestmark = pytest.mark.django_db(transaction=True)


def close(day=THE_DAY, *, now=NOW, of=None):
    return close_day((of or a_cooperative()).pk, day, reason="Influenza", by=DESK, now=now)


def places_of(slot):
    slot.refresh_from_db()
    return slot.capacity, slot.taken


def test_twenty_keep_while_one_closes_and_no_hold_is_neither_seen_nor_refused():
    slots = [a_slot(places=5) for _ in range(3)]
    cooperative = a_cooperative()

    def act(number):
        if number == 10:
            return close(of=cooperative)
        hold = keep_slot(slots[number % 3].pk, keeper=f"basket:{number}", now=NOW)
        if number % 2:
            with transaction.atomic():
                place_slot_holds([hold.pk], now=NOW)
        return hold

    results = at_once(21, act)

    closed = results[10]
    others = results[:10] + results[11:]
    seen = {*closed.given_back, *(promise.hold_id for promise in closed.promises)}
    living = set(SlotHold.objects.exclude(state=SlotHold.State.RELEASED).values_list("pk", flat=True))
    assert all(isinstance(result, SlotHold | SlotFull) for result in others), others
    assert set(SlotHold.objects.values_list("pk", flat=True)) == seen
    assert living == {promise.hold_id for promise in closed.promises}
    for slot in slots:
        capacity, taken = places_of(slot)
        assert capacity == taken == slot.holds.exclude(state=SlotHold.State.RELEASED).count()


def keep_then_close(slot, cooperative):
    return one_then_other(
        lambda: keep_slot(slot.pk, keeper="basket:1", now=NOW), lambda: close(of=cooperative)
    )


def test_closing_waits_for_who_is_just_keeping_and_without_the_lock_for_the_row_it_shuts_before_reading_holds():
    for locks in (nullcontext, without_locks):
        slot = a_slot()

        with locks():
            hold, closed = keep_then_close(slot, a_cooperative())

        assert closed.given_back == (hold.pk,)
        assert places_of(slot) == (0, 0)


def close_then_keep(slot, cooperative):
    return one_then_other(
        lambda: close(of=cooperative), lambda: keep_slot(slot.pk, keeper="basket:1", now=NOW)
    )


def test_who_comes_while_the_day_is_being_closed_is_told_in_words():
    slot = a_slot()

    _, refusal = close_then_keep(slot, a_cooperative())

    assert isinstance(refusal, SlotFull)


def test_control_without_the_lock_the_database_itself_must_refuse_who_comes():
    slot, cooperative = a_slot(), a_cooperative()

    with without_locks():
        _, refusal = close_then_keep(slot, cooperative)

    assert isinstance(refusal, IntegrityError)
    assert places_of(slot) == (0, 0)


def publish_then_close(listing, cooperative):
    return one_then_other(
        lambda: publish_slots(listing.pk, by=DESK, now=NOW, horizon=7 * DAY), lambda: close(of=cooperative)
    )


def test_closing_waits_for_who_is_just_publishing():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-10:00"))

    publish_then_close(listing, a_cooperative())

    assert Slot.objects.filter(closed_at=None).count() == 5


def test_control_without_the_lock_the_closed_day_is_published():
    listing = a_listing()
    weekly_hours(listing, *every_day("9:00-10:00"))

    with without_locks():
        publish_then_close(listing, a_cooperative())

    assert Slot.objects.filter(closed_at=None).count() == 6


def test_eight_close_the_same_day_at_once_and_it_is_closed_once():
    visit = a_visit()
    cooperative = a_cooperative()

    results = at_once(8, lambda _: close(of=cooperative))

    assert {result.promises[0].visit_id for result in results} == {visit.pk}
    assert CalendarException.objects.count() == Message.objects.filter(topic="day_closed").count() == 1
    assert AuditRow.objects.filter(verb="close_day").count() == 1


def test_all_verbs_of_capacity_at_once_neither_lock_each_other_out_nor_lose_a_place():
    listings = [a_listing() for _ in range(2)]
    for listing in listings:
        weekly_hours(listing, *every_day("9:00-13:00", capacity=3))
        publish_slots(listing.pk, by=DESK, now=NOW, horizon=7 * DAY)
    slot_ids = list(Slot.objects.values_list("pk", flat=True))
    visits = [a_visit() for _ in range(4)]
    people = [a_staff_member(name) for name in ("Bruna", "Carla")]
    cooperative = a_cooperative()

    def keep_and_place(dice):
        hold = keep_slot(dice.choice(slot_ids), keeper=f"basket:{dice.random()}", now=NOW)
        with transaction.atomic():
            place_slot_holds([hold.pk], now=NOW)

    verbs = [
        keep_and_place,
        keep_and_place,
        lambda dice: publish_slots(dice.choice(listings).pk, by=DESK, now=NOW, horizon=7 * DAY),
        lambda dice: close(THE_DAY + dice.randrange(3) * DAY, of=cooperative),
        lambda dice: assign_staff(dice.choice(visits).pk, staff_id=dice.choice(people).pk, by=DESK, now=NOW),
        lambda dice: release_slot_holds(dice.sample(hold_ids(), 2)),
    ]

    def hold_ids():
        return list(SlotHold.objects.values_list("pk", flat=True))

    def act(number):
        dice = Random(number)
        for _ in range(12):
            with suppress(DomainError):  # a refusal in words is an answer
                dice.choice(verbs)(dice)

    assert at_once(8, act) == [None] * 8

    living = Sum("holds__places", filter=~Q(holds__state=SlotHold.State.RELEASED), default=0)
    for slot in Slot.objects.annotate(living=living):
        assert slot.taken == slot.living <= slot.capacity
        assert slot.closed_at is None or slot.capacity == slot.taken
