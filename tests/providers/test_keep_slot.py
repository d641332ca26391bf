from datetime import timedelta

import pytest

from providers.behind import TooManyKept
from providers.extend_slot_hold import NoMoreExtensions, SlotHoldLapsed, extend_slot_hold
from providers.keep_slot import KEPT_FOR, SlotFull, SlotPast, keep_slot
from providers.models import SlotHold
from providers.release_slot_holds import release_slot_holds
from providers.tasks import LAPSED_PLACES
from tests.builders import NOW, a_listing, a_slot

pytestmark = pytest.mark.django_db


def test_a_kept_slot_has_one_place_less_for_fifteen_minutes():
    slot = a_slot(places=3)

    hold = keep_slot(slot.pk, keeper="basket:1", now=NOW)

    slot.refresh_from_db()
    assert (slot.taken, hold.until) == (1, NOW + timedelta(minutes=15))


def test_a_full_slot_is_refused_and_nothing_is_taken():
    slot = a_slot(places=1)
    keep_slot(slot.pk, keeper="basket:1", now=NOW)

    with pytest.raises(SlotFull):
        keep_slot(slot.pk, keeper="basket:2", now=NOW)

    slot.refresh_from_db()
    assert (slot.taken, SlotHold.objects.count()) == (1, 1)


def test_a_lapsed_place_goes_to_whoever_comes_next_without_waiting_for_the_sweeper():
    slot = a_slot(places=1)
    lapsed = keep_slot(slot.pk, keeper="basket:1", now=NOW)

    keep_slot(slot.pk, keeper="basket:2", now=NOW + KEPT_FOR)

    lapsed.refresh_from_db()
    slot.refresh_from_db()
    assert (lapsed.state, slot.taken) == (SlotHold.State.RELEASED, 1)


def test_the_lead_time_of_the_listing_counts():
    slot = a_slot(starts_in=timedelta(hours=24))

    keep_slot(slot.pk, keeper="basket:1", now=NOW)
    with pytest.raises(SlotPast):
        keep_slot(slot.pk, keeper="basket:2", now=NOW + timedelta(seconds=1))


def test_nobody_squats_a_slot_or_a_day():
    slot = a_slot(places=10)
    keep_slot(slot.pk, keeper="basket:1", now=NOW)
    keep_slot(slot.pk, keeper="basket:1", now=NOW)

    with pytest.raises(TooManyKept):
        keep_slot(slot.pk, keeper="basket:1", now=NOW)

    listing = a_listing()
    for day in range(6):
        keep_slot(a_slot(of=listing, starts_in=timedelta(days=3 + day)).pk, keeper="basket:1", now=NOW)
    with pytest.raises(TooManyKept):
        keep_slot(a_slot(of=listing, starts_in=timedelta(days=20)).pk, keeper="basket:1", now=NOW)


def test_ten_extensions_and_no_more():
    hold = keep_slot(a_slot().pk, keeper="basket:1", now=NOW)
    now = NOW
    for _ in range(10):
        now += timedelta(minutes=14)
        hold = extend_slot_hold(hold.pk, now=now)

    with pytest.raises(NoMoreExtensions):
        extend_slot_hold(hold.pk, now=now)

    hold.refresh_from_db()
    assert hold.until == now + KEPT_FOR


def test_what_lapsed_cannot_be_extended():
    hold = keep_slot(a_slot().pk, keeper="basket:1", now=NOW)

    with pytest.raises(SlotHoldLapsed):
        extend_slot_hold(hold.pk, now=NOW + KEPT_FOR)


def test_the_sweeper_gives_back_what_lapsed_and_leaves_the_rest():
    slot = a_slot(places=3)
    keep_slot(slot.pk, keeper="basket:1", now=NOW)
    keep_slot(slot.pk, keeper="basket:2", now=NOW + timedelta(minutes=5))

    for slot_id in LAPSED_PLACES.find(NOW + KEPT_FOR):
        LAPSED_PLACES.finish(slot_id, NOW + KEPT_FOR)

    slot.refresh_from_db()
    assert slot.taken == 1


def test_releasing_twice_gives_back_once():
    slot = a_slot(places=2)
    hold = keep_slot(slot.pk, keeper="basket:1", now=NOW)
    keep_slot(slot.pk, keeper="basket:2", now=NOW)

    release_slot_holds([hold.pk])
    release_slot_holds([hold.pk])

    slot.refresh_from_db()
    assert slot.taken == 1
