from dataclasses import replace
from datetime import timedelta

import pytest

from audit.models import AuditRow
from catalogue.models import Listing
from catalogue.pricing import Asker
from checkout.keeping import BasketClosed
from checkout.models import Booking, Purchase
from checkout.place_purchase import (
    BasketEmpty,
    NotOnSale,
    OutsideArea,
    QuoteChanged,
    TimeGone,
    TooLittle,
    place_purchase,
)
from checkout.quote import Quote, quote_of
from ledger.models import Entry, Hold
from payments.models import Call, Payment
from providers.keep_slot import KEPT_FOR, TooFewPlaces
from providers.models import SlotHold
from tests.builders import (
    NOW,
    SOMEBODY,
    a_basket,
    a_contact,
    a_cooperative,
    a_kept_booking,
    a_kind,
    a_listing,
    a_municipality,
    a_placing,
    a_slot,
    payment_of,
)

pytestmark = pytest.mark.django_db


def test_a_placed_purchase_promises_everything_and_books_nothing_yet():
    booking = a_kept_booking(quantity_milli=6000)

    purchase = place_purchase(a_placing(booking.line.basket_id), by=SOMEBODY, now=NOW)

    booking.refresh_from_db()
    hold = Hold.objects.get()
    assert (purchase.state, purchase.total_cents) == (Purchase.State.PAYING, 29_40)
    assert (booking.state, booking.gross_cents, booking.vat_cents) == (Booking.State.PLACED, 29_40, 5_30)
    assert (hold.state, hold.amount_cents) == (Hold.State.ASKED, 29_40)
    assert booking.slot_hold.state == SlotHold.State.PLACED
    assert payment_of(purchase).amount_cents == 29_40
    assert Call.objects.get().params["client_reference_id"] == purchase.code
    assert not Entry.objects.exists()
    assert AuditRow.objects.get(verb="place").subject == f"purchase:{purchase.code}"


def test_the_payment_page_names_a_number_and_never_the_service():
    purchase = place_purchase(a_placing(a_kept_booking().line.basket_id), by=SOMEBODY, now=NOW)

    frozen = str(Call.objects.get().params)

    assert purchase.code in frozen
    assert "Camicie" not in frozen
    assert "Girasole" not in frozen


def test_the_same_key_again_is_the_same_purchase():
    placing = a_placing(a_kept_booking().line.basket_id)

    first = place_purchase(placing, by=SOMEBODY, now=NOW)
    again = place_purchase(placing, by=SOMEBODY, now=NOW)

    assert again == first
    assert (Purchase.objects.count(), Payment.objects.count()) == (1, 1)


def test_the_same_basket_from_another_tab_is_the_same_purchase():
    basket_id = a_kept_booking().line.basket_id
    first_tab, second_tab = a_placing(basket_id), a_placing(basket_id)

    first = place_purchase(first_tab, by=SOMEBODY, now=NOW)
    again = place_purchase(second_tab, by=SOMEBODY, now=NOW)

    assert again == first


def test_a_price_that_changed_since_it_was_shown_is_told_and_nothing_is_placed():
    booking = a_kept_booking()
    placing = a_placing(booking.line.basket_id)
    Listing.objects.update(unit_price_cents=5_00)

    with pytest.raises(QuoteChanged) as refusal:
        place_purchase(placing, by=SOMEBODY, now=NOW)

    assert refusal.value.quote.total == 30_00
    assert not Purchase.objects.exists()
    assert Booking.objects.get().state == Booking.State.KEPT


def test_an_empty_basket_is_refused():
    with pytest.raises(BasketEmpty):
        place_purchase(a_placing(a_basket().pk, shown=Quote(())), by=SOMEBODY, now=NOW)


def test_a_cooperative_that_does_not_come_there_is_named():
    booking = a_kept_booking()
    far = {**a_contact().__dict__, "municipality": a_municipality("Soncino")}

    with pytest.raises(OutsideArea, match=r"Girasole.*Soncino"):
        place_purchase(
            a_placing(booking.line.basket_id, contact=type(a_contact())(**far)), by=SOMEBODY, now=NOW
        )

    assert not Purchase.objects.exists()


def test_a_time_that_lapsed_while_typing_is_taken_anew_if_it_is_free():
    booking = a_kept_booking(a_slot(places=1))
    placing = a_placing(booking.line.basket_id)

    purchase = place_purchase(placing, by=SOMEBODY, now=NOW + KEPT_FOR)

    slot = purchase.bookings.get().slot_hold.slot
    assert slot.taken == 1


def test_a_time_that_lapsed_and_went_to_somebody_else_is_refused_and_nothing_is_placed():
    slot = a_slot(places=1)
    booking = a_kept_booking(slot)
    a_kept_booking(slot, now=NOW + KEPT_FOR)

    with pytest.raises(TimeGone, match=r"Camicie e misto, mer 25 nov, 10:00"):
        place_purchase(a_placing(booking.line.basket_id), by=SOMEBODY, now=NOW + KEPT_FOR)

    assert not Purchase.objects.exists()
    assert not Hold.objects.exists()


def test_two_cooperatives_are_one_purchase():
    basket = a_basket()
    a_kept_booking(a_slot(of=a_listing(by=a_cooperative("Girasole"))), basket=basket)
    a_kept_booking(
        a_slot(of=a_listing(by=a_cooperative("Papavero")), starts_in=timedelta(days=4)), basket=basket
    )

    purchase = place_purchase(a_placing(basket.pk), by=SOMEBODY, now=NOW)

    assert purchase.total_cents == 58_80
    assert len({booking.cooperative_id for booking in purchase.bookings.all()}) == 2


def test_who_goes_back_and_clicks_again_finds_the_purchase_even_without_a_basket():
    placing = a_placing(a_kept_booking().line.basket_id)
    first = place_purchase(placing, by=SOMEBODY, now=NOW)

    again = place_purchase(replace(placing, basket_id=None), by=SOMEBODY, now=NOW)

    assert again == first


def test_a_time_in_the_past_is_not_sold_to_whoever_typed_for_three_days():
    booking = a_kept_booking(a_slot(places=1))
    placing = a_placing(booking.line.basket_id)

    with pytest.raises(TimeGone):
        place_purchase(placing, by=SOMEBODY, now=NOW + timedelta(days=3))

    assert not Purchase.objects.exists()


def test_what_had_lapsed_before_the_checkout_was_shown_is_neither_charged_nor_left_behind():
    basket = a_basket()
    old = a_kept_booking(a_slot(), basket=basket)
    later = NOW + KEPT_FOR
    new = a_kept_booking(a_slot(starts_in=timedelta(days=5)), basket=basket, now=later)
    shown = quote_of([new], asker=Asker(now=NOW))

    purchase = place_purchase(a_placing(basket.pk, shown=shown), by=SOMEBODY, now=later)

    old.refresh_from_db()
    assert purchase.total_cents == 29_40
    assert (old.state, old.line) == (Booking.State.DROPPED, None)


def test_a_booking_added_in_another_tab_is_told_before_anything_is_charged():
    basket = a_basket()
    first = a_kept_booking(a_slot(), basket=basket)
    a_kept_booking(a_slot(starts_in=timedelta(days=5)), basket=basket)

    with pytest.raises(QuoteChanged):
        place_purchase(
            a_placing(basket.pk, shown=quote_of([first], asker=Asker(now=NOW))), by=SOMEBODY, now=NOW
        )


def test_a_withdrawn_listing_is_not_sold_from_the_basket():
    booking = a_kept_booking()
    Listing.objects.update(state=Listing.State.PAUSED)

    with pytest.raises(NotOnSale, match="Camicie e misto"):
        place_purchase(a_placing(booking.line.basket_id), by=SOMEBODY, now=NOW)


def test_less_than_a_card_can_pay_is_refused_in_words():
    booking = a_kept_booking(a_slot(of=a_listing(price=8)))

    with pytest.raises(TooLittle):
        place_purchase(a_placing(booking.line.basket_id), by=SOMEBODY, now=NOW)


def test_a_basket_that_is_being_paid_takes_nothing_in():
    booking = a_kept_booking()
    place_purchase(a_placing(booking.line.basket_id), by=SOMEBODY, now=NOW)

    with pytest.raises(BasketClosed):
        a_kept_booking(a_slot(starts_in=timedelta(days=5)), basket=booking.line.basket)


def test_four_places_of_a_class_take_four_places():
    course = a_listing(kind=a_kind("corsi", "place"), price=9_00)
    slot = a_slot(places=5, of=course)

    a_kept_booking(slot, quantity_milli=4000)

    slot.refresh_from_db()
    assert slot.taken == 4
    with pytest.raises(TooFewPlaces, match=r"1 .* 4"):
        a_kept_booking(slot, quantity_milli=4000)
