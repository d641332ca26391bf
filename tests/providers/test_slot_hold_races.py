"""Places kept longer, placed, taken and given back at once; each race with a control in which the lock is out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from kernel.errors import IllegalTransition
from providers.extend_slot_hold import SlotHoldLapsed, extend_slot_hold
from providers.keep_slot import KEPT_FOR, SlotFull, keep_slot
from providers.models import SlotHold
from providers.place_slot_holds import place_slot_holds
from providers.release_slot_holds import release_slot_holds
from providers.take_slot_holds import take_slot_holds
from providers.tasks import give_back_lapsed_places
from tests.audit.gate import nobody_writes
from tests.builders import NOW, a_slot
from tests.providers.calendars import a_hold, one_then_other
from tests.threads import at_once_held_up, without_locks

MANY = 8
LATER = NOW + KEPT_FOR
JUST_BEFORE = LATER - timedelta(seconds=1)

pytestmark = pytest.mark.django_db(transaction=True)


def together(act):
    """Call it from eight threads; nobody writes a hold before all of them have looked, or wait for a lock."""
    return at_once_held_up(MANY, act, until=nobody_writes("providers_slothold"))


def in_a_transaction(verb, *args, **kwargs):
    with transaction.atomic():
        return verb(*args, **kwargs)


def a_kept(slot=None):
    return keep_slot((slot or a_slot()).pk, keeper="basket:1", now=NOW)


def places_of(slot):
    """Return how many places the slot counts as taken, and how many its holds have."""
    slot.refresh_from_db()
    living = slot.holds.filter(~Q(state=SlotHold.State.RELEASED)).aggregate(n=Sum("places", default=0))["n"]
    return slot.taken, living


def errors(results):
    return [type(result) for result in results if isinstance(result, Exception)]


# --- Longer --------------------------------------------------------------------------------------------------
def eight_keep_longer():
    hold = a_kept()
    together(lambda _: extend_slot_hold(hold.pk, now=NOW))
    hold.refresh_from_db()
    return hold.extensions


def test_each_time_of_keeping_longer_counts():
    assert eight_keep_longer() == MANY


def test_control_without_the_slots_lock_eight_count_as_one():
    with without_locks():
        assert eight_keep_longer() == 1


def lapse_then_keep_longer():
    hold = a_kept()
    _, answer = one_then_other(
        lambda: give_back_lapsed_places(hold.slot_id, LATER),
        lambda: extend_slot_hold(hold.pk, now=JUST_BEFORE),
    )
    hold.refresh_from_db()
    return answer, hold


def test_who_keeps_longer_while_the_time_is_given_back_is_told_in_words():
    answer, hold = lapse_then_keep_longer()

    assert isinstance(answer, SlotHoldLapsed)
    assert (hold.state, hold.extensions) == (SlotHold.State.RELEASED, 0)


def test_control_without_the_slots_lock_who_has_lost_the_time_is_told_it_is_kept():
    with without_locks():
        answer, hold = lapse_then_keep_longer()

    assert isinstance(answer, SlotHold)
    assert (hold.state, hold.extensions) == (SlotHold.State.RELEASED, 1)


# --- Given back ----------------------------------------------------------------------------------------------
def eight_give_back():
    slot = a_slot(places=MANY)
    mine, *_others = [a_hold(slot) for _ in range(MANY)]
    results = together(lambda _: release_slot_holds([mine.pk]))
    return slot, results


def test_a_place_given_back_eight_times_is_given_back_once():
    slot, results = eight_give_back()

    assert errors(results) == []
    assert places_of(slot) == (MANY - 1, MANY - 1)


def test_control_without_the_slots_lock_other_peoples_places_are_given_back_too():
    with without_locks():
        slot, _ = eight_give_back()

    assert places_of(slot) == (0, MANY - 1)


# --- Placed --------------------------------------------------------------------------------------------------
def eight_place_anew_what_had_lapsed():
    slot = a_slot(places=1)
    # Each had the only place in turn, and let it lapse.
    lapsed = [
        SlotHold.objects.create(slot=slot, keeper=f"basket:{n}", until=NOW, state=SlotHold.State.RELEASED)
        for n in range(MANY)
    ]
    return slot, at_once_held_up(
        MANY,
        lambda n: in_a_transaction(place_slot_holds, [lapsed[n].pk], now=NOW),
        until=nobody_writes("providers_slot"),
    )


def test_of_eight_who_place_a_lapsed_time_anew_one_has_it():
    slot, results = eight_place_anew_what_had_lapsed()

    assert errors(results) == [SlotFull] * (MANY - 1)
    assert places_of(slot) == (1, 1)


def test_control_without_the_slots_lock_the_database_itself_must_refuse():
    with without_locks():
        slot, results = eight_place_anew_what_had_lapsed()

    assert errors(results) == [IntegrityError] * (MANY - 1)
    assert places_of(slot) == (1, 1)


def place_then_lapse():
    hold = a_kept()
    results = one_then_other(
        lambda: place_slot_holds([hold.pk], now=JUST_BEFORE),
        lambda: give_back_lapsed_places(hold.slot_id, LATER),
    )
    hold.refresh_from_db()
    return hold, results


def test_a_time_that_is_just_being_placed_does_not_lapse():
    hold, results = place_then_lapse()

    assert errors(results) == []
    assert hold.state == SlotHold.State.PLACED
    assert places_of(hold.slot) == (1, 1)


def test_control_without_the_slots_lock_a_placed_time_is_given_to_others():
    with without_locks():
        hold, results = place_then_lapse()

    assert errors(results) == []
    assert hold.state == SlotHold.State.RELEASED


# --- Taken ---------------------------------------------------------------------------------------------------
def eight_take():
    hold = a_hold(a_slot(), SlotHold.State.PLACED)
    return together(lambda _: in_a_transaction(take_slot_holds, [hold.pk]))


def test_a_placed_time_is_taken_once():
    assert errors(eight_take()) == [IllegalTransition] * (MANY - 1)


def test_control_without_the_slots_lock_eight_believe_they_took_it():
    with without_locks():
        assert errors(eight_take()) == []
