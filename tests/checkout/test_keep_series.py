"""A series is kept all or none; what was taken out can be put back; signing in makes it the person's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import AuditRow
from catalogue.models import Listing
from checkout.drop_booking import drop_booking
from checkout.drop_series import drop_series
from checkout.keep_booking import keep_booking
from checkout.keep_series import SomeTimesGone, keep_series
from checkout.keeping import AlreadyKept, BasketClosed
from checkout.models import Booking
from checkout.put_back_bookings import put_back_bookings
from providers.behind import TooManyKept
from providers.keep_slot import SlotFull, SlotPast
from providers.models import Slot, SlotHold
from tests.builders import NOW, SOMEBODY, a_basket, a_kept_booking, a_listing, a_slot, a_user
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket

pytestmark = pytest.mark.django_db


def weeks(many: int, *, places: int = 3, of: Listing | None = None) -> list[Slot]:
    listing = of or a_listing()
    return [a_slot(of=listing, places=places, starts_in=timedelta(days=3 + 7 * n)) for n in range(many)]


def keep(slots: list[Slot], *, basket=None, **more) -> list[Booking]:
    listing = Listing.objects.select_related("kind", "stockrecord").get(pk=slots[0].listing_id)
    return keep_series(
        **{
            "basket": basket or a_basket(),
            "listing": listing,
            "slot_ids": [slot.pk for slot in slots],
            "quantity_milli": 6000,
            "address": "",
            "by": SOMEBODY,
            "now": NOW,
            **more,
        }
    )


def nothing_is_kept() -> bool:
    return (
        not SlotHold.objects.exists()
        and not Booking.objects.exists()
        and not Slot.objects.filter(taken__gt=0)
    )


def test_a_series_is_bookings_with_one_code_in_one_basket():
    basket = a_basket()

    kept = keep(weeks(5), basket=basket)

    assert len({booking.series for booking in kept} - {""}) == 1
    assert basket.all_lines().count() == 5
    assert set(Slot.objects.values_list("taken", flat=True)) == {1}
    assert AuditRow.objects.filter(verb="keep").count() == 5


def test_one_time_alone_is_no_series():
    assert keep(weeks(1))[0].series == ""


def test_one_time_gone_keeps_none_and_says_which():
    slots = weeks(5, places=1)
    a_kept_booking(slots[2])
    before = SlotHold.objects.count()

    with pytest.raises(SomeTimesGone) as refused:
        keep(slots)

    assert {pk: type(why) for pk, why in refused.value.gone.items()} == {slots[2].pk: SlotFull}
    assert SlotHold.objects.count() == before
    assert AuditRow.objects.filter(verb="keep").count() == 1


def test_all_that_is_gone_is_said_at_once():
    slots = weeks(4, places=1)
    a_kept_booking(slots[3])

    with pytest.raises(SomeTimesGone) as refused:
        keep(slots, now=NOW + timedelta(days=2, minutes=1))

    assert {type(why) for why in refused.value.gone.values()} == {SlotPast}

    with pytest.raises(SomeTimesGone) as refused:
        keep(slots, now=NOW + timedelta(minutes=1))
    assert refused.value.gone.keys() == {slots[3].pk}


def test_a_time_already_in_the_basket_is_not_kept_twice_by_a_series():
    slots = weeks(3)
    basket = a_basket()
    a_kept_booking(slots[1], basket=basket)

    with pytest.raises(SomeTimesGone) as refused:
        keep(slots, basket=basket)

    assert isinstance(refused.value.gone[slots[1].pk], AlreadyKept)
    assert SlotHold.objects.count() == 1


def test_a_series_that_would_be_too_much_for_the_basket_keeps_none():
    basket = a_basket()
    a_kept_booking(basket=basket)

    with pytest.raises(TooManyKept):
        keep(weeks(8), basket=basket)

    assert SlotHold.objects.count() == 1


def test_another_listings_time_is_in_no_series():
    slots = [*weeks(2), a_slot(of=a_listing("Altro"))]

    with pytest.raises(Slot.DoesNotExist):
        keep(slots)

    assert nothing_is_kept()


def test_a_basket_that_is_being_paid_takes_no_series():
    basket = a_basket()
    basket.freeze()

    with pytest.raises(BasketClosed):
        keep(weeks(2), basket=basket)

    assert nothing_is_kept()


def test_the_same_time_twice_is_asked_for_and_then_kept_twice():
    basket, slot = a_basket(), a_slot(places=3)
    a_kept_booking(slot, basket=basket)
    listing = Listing.objects.select_related("kind", "stockrecord").get(pk=slot.listing_id)
    wish = {
        "listing": listing,
        "slot_id": slot.pk,
        "quantity_milli": 6000,
        "address": "",
        "by": SOMEBODY,
        "now": NOW,
    }

    with pytest.raises(AlreadyKept):
        keep_booking(basket=basket, **wish)
    assert Booking.objects.count() == 1

    keep_booking(basket=basket, again=True, **wish)
    assert Booking.objects.count() == 2


def test_dropping_a_series_leaves_everything_else():
    basket = a_basket()
    series = keep(weeks(3), basket=basket)[0].series
    other = a_kept_booking(a_slot(of=a_listing("Altro")), basket=basket)

    drop_series(series, basket_id=basket.pk, by=SOMEBODY, now=NOW)

    assert [b.pk for b in Booking.objects.filter(state=Booking.State.KEPT)] == [other.pk]
    assert Slot.objects.filter(taken__gt=0).count() == 1


@pytest.mark.parametrize("series", ["", "NOSUCHXX"])
def test_nobody_drops_a_series_that_is_not_in_the_basket(series):
    mine, others = a_basket(), a_basket()
    kept = keep(weeks(2), basket=others)

    with pytest.raises(Booking.DoesNotExist):
        drop_series(series or kept[0].series, basket_id=mine.pk, by=SOMEBODY, now=NOW)

    assert Booking.objects.filter(state=Booking.State.KEPT).count() == 2


def test_what_was_dropped_is_put_back_once_with_its_code_and_its_series():
    basket = a_basket()
    codes = [booking.code for booking in keep(weeks(3), basket=basket)]
    for code in codes[:2]:
        drop_booking(code, basket_id=basket.pk, by=SOMEBODY, now=NOW)

    for _ in range(2):
        assert put_back_bookings(codes, basket=basket, address="", by=SOMEBODY, now=NOW) == []

    kept = Booking.objects.filter(state=Booking.State.KEPT, line__basket=basket.pk)
    assert {booking.code for booking in kept} == set(codes)
    assert len({booking.series for booking in kept}) == 1
    assert set(Slot.objects.values_list("taken", flat=True)) == {1}
    assert basket.all_lines().count() == 3


def test_what_somebody_else_took_meanwhile_is_not_put_back():
    basket = a_basket()
    slots = weeks(2, places=1)
    codes = [booking.code for booking in keep(slots, basket=basket)]
    for code in codes:
        drop_booking(code, basket_id=basket.pk, by=SOMEBODY, now=NOW)
    a_kept_booking(slots[0])

    refused = put_back_bookings(codes, basket=basket, address="", by=SOMEBODY, now=NOW)

    assert [(booking.code, type(why)) for booking, why in refused] == [(codes[0], SlotFull)]
    assert Booking.objects.get(code=codes[1]).state == Booking.State.KEPT
    assert Booking.objects.get(code=codes[0]).state == Booking.State.DROPPED


def test_nobody_puts_back_what_another_took_out():
    basket = a_basket()
    code = a_kept_booking(basket=basket).code
    drop_booking(code, basket_id=basket.pk, by=SOMEBODY, now=NOW)

    assert put_back_bookings([code], basket=a_basket(), address="", by=SOMEBODY, now=NOW) == []

    assert Booking.objects.get().state == Booking.State.DROPPED


def test_what_a_stranger_kept_counts_as_the_persons_once_they_have_signed_in():
    user = a_user()
    visitor = a_visitor_with_a_basket(a_slot_from_now())
    assert SlotHold.objects.get().person == ""

    visitor.force_login(user)
    visitor.get(reverse("storefront:basket", args=["cremasco"]))

    hold = SlotHold.objects.get()
    assert hold.person == f"user:{user.pk}"
    assert hold.keeper == f"basket:{Booking.objects.get().line.basket_id}"
