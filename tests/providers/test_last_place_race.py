"""The last place of a slot, wanted by twenty at once."""

import pytest
from django.db import IntegrityError

from checkout.keep_booking import keep_booking
from checkout.models import Booking
from providers.keep_slot import SlotFull
from providers.models import Slot
from tests.builders import NOW, SOMEBODY, a_basket, a_slot
from tests.threads import at_once, without_locks

pytestmark = pytest.mark.django_db(transaction=True)

WANTING = 20


def _all_want_the_last_place() -> tuple[Slot, list[object]]:
    slot = a_slot(places=1)
    baskets = [a_basket() for _ in range(WANTING)]
    listing = type(slot.listing).objects.select_related("kind", "stockrecord").get(pk=slot.listing_id)

    def keep(number: int) -> Booking:
        return keep_booking(
            basket=baskets[number],
            listing=listing,
            slot_id=slot.pk,
            quantity_milli=6000,
            address="",
            by=SOMEBODY,
            now=NOW,
        )

    results = at_once(WANTING, keep)
    slot.refresh_from_db()
    return slot, results


def test_one_gets_the_last_place_and_nineteen_are_told_in_words():
    slot, results = _all_want_the_last_place()

    assert sum(isinstance(result, Booking) for result in results) == 1
    assert sum(isinstance(result, SlotFull) for result in results) == WANTING - 1
    assert (slot.taken, Booking.objects.count()) == (1, 1)


def test_control_without_the_lock_the_database_itself_must_refuse():
    with without_locks():
        slot, results = _all_want_the_last_place()

    assert any(isinstance(result, IntegrityError) for result in results), results
    assert slot.taken <= slot.capacity
