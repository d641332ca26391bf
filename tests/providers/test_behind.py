"""Limits by person and by network address; who is behind a hold is forgotten when it ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from catalogue.models import Listing
from providers.behind import Behind, TooManyFromHere, TooManyKept
from providers.keep_slot import KEPT_FOR, SlotFull, keep_slot
from providers.models import Slot, SlotHold
from providers.place_slot_holds import place_slot_holds
from providers.release_slot_holds import release_slot_holds
from providers.take_slot_holds import take_slot_holds
from providers.tasks import LAPSED_PLACES
from tests.builders import NOW, a_kind, a_listing, a_slot, a_user
from tests.providers.calendars import one_then_other

HERE = Behind(address="here")
ANNA = Behind(person="user:1")


def slots(many: int, *, places: int = 3) -> list[Slot]:
    listing = a_listing()
    return [a_slot(of=listing, places=places, starts_in=timedelta(days=3 + n)) for n in range(many)]


def keep_all(wanted: list[Slot], behind: Behind, *, first_basket: int = 1) -> list[SlotHold]:
    """Keep each for a basket of its own: baskets cost nothing."""
    return [
        keep_slot(slot.pk, keeper=f"basket:{first_basket + n}", now=NOW, behind=behind)
        for n, slot in enumerate(wanted)
    ]


@pytest.mark.django_db
def test_one_address_keeps_forty_places_whatever_baskets_it_has():
    wanted = slots(41)
    keep_all(wanted[:40], HERE)

    with pytest.raises(TooManyFromHere):
        keep_slot(wanted[40].pk, keeper="basket:99", now=NOW, behind=HERE)

    wanted[40].refresh_from_db()
    assert (wanted[40].taken, SlotHold.objects.count()) == (0, 40)
    keep_slot(wanted[40].pk, keeper="basket:99", now=NOW, behind=Behind(address="there"))


@pytest.mark.django_db
@pytest.mark.parametrize(("capacity", "most"), [(1, 1), (3, 2), (6, 2), (12, 4)])
def test_one_address_keeps_a_third_of_a_slot_and_never_less_than_two(capacity, most):
    slot = a_slot(places=capacity)
    keep_all([slot] * most, HERE)

    with pytest.raises(TooManyFromHere if capacity > most else SlotFull):
        keep_slot(slot.pk, keeper="basket:99", now=NOW, behind=HERE)

    slot.refresh_from_db()
    assert slot.taken == most


@pytest.mark.django_db
def test_a_family_may_take_in_one_go_what_a_class_lets_it():
    listing = a_listing(kind=a_kind("corsi", "place"))
    Listing.objects.filter(pk=listing.pk).update(minimum_milli=1000, maximum_milli=4000, step_milli=1000)
    slot = a_slot(of=Listing.objects.get(pk=listing.pk), places=6)

    keep_slot(slot.pk, keeper="basket:1", now=NOW, places=4, behind=HERE)
    with pytest.raises(TooManyFromHere):
        keep_slot(slot.pk, keeper="basket:2", now=NOW, places=1, behind=HERE)


@pytest.mark.django_db
def test_one_person_keeps_sixteen_times_whatever_baskets_and_addresses():
    wanted = slots(17)
    for number, slot in enumerate(wanted[:16]):
        behind = Behind(person="user:1", address=f"network {number}")
        keep_slot(slot.pk, keeper=f"basket:{number}", now=NOW, behind=behind)

    with pytest.raises(TooManyKept):
        keep_slot(wanted[16].pk, keeper="basket:99", now=NOW, behind=ANNA)

    assert SlotHold.objects.count() == 16


@pytest.mark.django_db
def test_one_person_keeps_two_places_of_a_slot_in_two_baskets():
    slot = a_slot(places=9)
    keep_all([slot, slot], ANNA)

    with pytest.raises(TooManyKept):
        keep_slot(slot.pk, keeper="basket:3", now=NOW, behind=ANNA)


@pytest.mark.django_db
def test_what_is_being_paid_counts_and_what_is_paid_or_lapsed_does_not():
    slot = a_slot(places=3)
    paying, other = keep_all([slot, slot], HERE)
    place_slot_holds([paying.pk], now=NOW, behind=HERE)
    with pytest.raises(TooManyFromHere):
        keep_slot(slot.pk, keeper="basket:3", now=NOW, behind=HERE)

    take_slot_holds([paying.pk])
    third = keep_slot(slot.pk, keeper="basket:3", now=NOW + KEPT_FOR, behind=HERE)

    assert third.state == SlotHold.State.KEPT
    other.refresh_from_db()
    assert other.state == SlotHold.State.RELEASED


@pytest.mark.django_db
def test_a_lapsed_time_is_not_placed_anew_past_the_limit():
    slot = a_slot(places=9)
    hold = keep_slot(slot.pk, keeper="basket:1", now=NOW, behind=HERE)
    later = NOW + KEPT_FOR
    for keeper in ("basket:2", "basket:3", "basket:4"):
        keep_slot(slot.pk, keeper=keeper, now=later, behind=HERE)

    with pytest.raises(TooManyFromHere), transaction.atomic():
        place_slot_holds([hold.pk], now=later, behind=HERE)

    slot.refresh_from_db()
    assert slot.taken == 3


@pytest.mark.django_db
def test_who_is_behind_a_hold_is_forgotten_when_it_ends():
    behind = Behind(person=f"user:{a_user().pk}", address="here")
    taken, released, lapsed = (
        keep_slot(slot.pk, keeper="basket:1", now=NOW, behind=behind) for slot in slots(3)
    )
    assert SlotHold.objects.filter(person=behind.person, address="here").count() == 3

    place_slot_holds([taken.pk], now=NOW, behind=behind)
    take_slot_holds([taken.pk])
    release_slot_holds([released.pk])
    for slot_id in LAPSED_PLACES.find(NOW + KEPT_FOR):
        LAPSED_PLACES.finish(slot_id, NOW + KEPT_FOR)

    for hold in (taken, released, lapsed):
        hold.refresh_from_db()
        assert (hold.person, hold.address) == ("", "")


@pytest.mark.django_db
def test_the_database_refuses_to_know_who_was_behind_an_ended_hold():
    hold = keep_slot(a_slot().pk, keeper="basket:1", now=NOW, behind=HERE)

    with pytest.raises(IntegrityError, match="slot_hold_ended_knows_nobody"), transaction.atomic():
        SlotHold.objects.filter(pk=hold.pk).update(state=SlotHold.State.RELEASED)


def _the_last_place_of(behind: Behind, number: int) -> tuple[object, object]:
    """Two baskets of one address or person want its last place at once, each of another slot."""
    wanted = slots(number + 1)
    keep_all(wanted[: number - 1], behind)
    one, other = wanted[number - 1 :]
    return one_then_other(
        lambda: keep_slot(one.pk, keeper="basket:98", now=NOW, behind=behind),
        lambda: keep_slot(other.pk, keeper="basket:99", now=NOW, behind=behind),
    )


LAST = pytest.mark.parametrize(
    ("behind", "most", "refusal"),
    [(HERE, 40, TooManyFromHere), (ANNA, 16, TooManyKept)],
    ids=["address", "person"],
)


@pytest.mark.django_db(transaction=True)
@LAST
def test_two_at_once_do_not_both_get_the_last_place(behind, most, refusal):
    first, second = _the_last_place_of(behind, most)

    assert isinstance(first, SlotHold)
    assert isinstance(second, refusal)
    assert SlotHold.objects.count() == most


@pytest.mark.django_db(transaction=True)
@LAST
def test_control_without_the_lock_both_get_it(monkeypatch, behind, most, refusal):
    monkeypatch.setattr("providers.keep_slot.lock_behind", lambda behind: None)

    first, second = _the_last_place_of(behind, most)

    assert isinstance(first, SlotHold)
    assert isinstance(second, SlotHold)
    assert SlotHold.objects.count() == most + 1
