import pytest
from django.db.models import Sum
from oscar.apps.basket.models import Basket
from oscar.apps.order.models import Order

from checkout.apply_payment import apply_payment
from checkout.models import Booking, Purchase
from ledger.chart import AccountName, card_fees, card_own, card_world
from ledger.models import Entry, Hold
from ledger.verify import faults
from outbox.models import Message
from payments.models import Payment
from payments.note_facts import AmountsDiffer, PaidAfterExpiry
from providers.models import SlotHold, Visit
from tests.builders import (
    NOW,
    SOMEBODY,
    a_cooperative,
    a_listing,
    a_placed_purchase,
    a_slot,
    an_open_payment_of,
    expired,
    paid,
)

pytestmark = pytest.mark.django_db


def _lies_in(name: AccountName) -> int:
    found = Entry.objects.filter(account__book=name.book, account__kind=name.kind, account__owner=name.owner)
    return found.aggregate(total=Sum("cents"))["total"] or 0


def _two_sellers() -> Purchase:
    return a_placed_purchase(
        a_slot(of=a_listing("Camicie", by=a_cooperative("Girasole"), price=4_90)),
        a_slot(of=a_listing("Misto", by=a_cooperative("Papavero"), price=5_10)),
    )


def test_a_paid_purchase_is_one_order_a_cooperative_at_the_quoted_price():
    purchase = _two_sellers()
    payment = an_open_payment_of(purchase)

    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)

    orders = Order.objects.order_by("number")
    assert [order.number for order in orders] == [f"{purchase.code}-1", f"{purchase.code}-2"]
    assert [str(order.total_incl_tax) for order in orders] == ["29.40", "30.60"]
    assert all(order.user is None and order.guest_email == "" for order in orders)
    assert {line.partner_name for order in orders for line in order.lines.all()} == {"Girasole", "Papavero"}


def test_the_money_lies_in_holds_and_the_books_balance():
    purchase = _two_sellers()
    payment = an_open_payment_of(purchase)

    apply_payment(payment.pk, paid(payment, fee=1_15), by=SOMEBODY, now=NOW)

    assert _lies_in(card_world()) == -60_00
    assert (_lies_in(card_own()), _lies_in(card_fees())) == (-1_15, 1_15)
    assert Hold.objects.filter(state=Hold.State.HELD).aggregate(total=Sum("open_cents"))["total"] == 60_00
    assert faults() == []


def test_everybody_is_told_once_and_every_booking_has_its_visit():
    purchase = _two_sellers()
    payment = an_open_payment_of(purchase)

    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)

    mail = Message.objects.get(topic="mail").payload
    codes = [visit.service_code for visit in Visit.objects.all()]
    assert mail["to"] == "anna@example.org"
    assert mail["subject"] == "Confermato: mer 25 nov, 10:00"
    assert all(f"{code[:4]}-{code[4:]}" in mail["text"] for code in codes)
    assert {b.state for b in purchase.bookings.all()} == {Booking.State.CONFIRMED}
    assert {h.state for h in SlotHold.objects.all()} == {SlotHold.State.TAKEN}


def test_the_subject_names_neither_service_nor_seller():
    purchase = _two_sellers()
    payment = an_open_payment_of(purchase)

    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)

    subject = Message.objects.get(topic="mail").payload["subject"]
    assert not any(word in subject for word in ("Camicie", "Misto", "Girasole", "Papavero"))


def test_the_same_facts_again_change_nothing():
    payment = an_open_payment_of(_two_sellers())
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)
    before = (Order.objects.count(), Entry.objects.count(), Message.objects.count())

    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)

    assert (Order.objects.count(), Entry.objects.count(), Message.objects.count()) == before


def test_a_fee_that_comes_late_is_booked_when_it_comes():
    payment = an_open_payment_of(_two_sellers())
    apply_payment(payment.pk, paid(payment, fee=None), by=SOMEBODY, now=NOW)
    assert _lies_in(card_fees()) == 0

    apply_payment(payment.pk, paid(payment, fee=1_15), by=SOMEBODY, now=NOW)

    assert _lies_in(card_fees()) == 1_15
    assert faults() == []


def test_another_amount_than_was_asked_is_not_booked():
    payment = an_open_payment_of(_two_sellers())

    with pytest.raises(AmountsDiffer):
        apply_payment(payment.pk, paid(payment, received=59_99), by=SOMEBODY, now=NOW)

    payment.refresh_from_db()
    assert payment.state == Payment.State.OPEN
    assert not Entry.objects.exists()


def test_an_expired_payment_gives_every_place_back_and_the_basket_too():
    slot = a_slot(places=1)
    purchase = a_placed_purchase(slot)
    payment = an_open_payment_of(purchase)

    apply_payment(payment.pk, expired(payment), by=SOMEBODY, now=NOW)

    slot.refresh_from_db()
    purchase.refresh_from_db()
    assert (purchase.state, slot.taken) == (Purchase.State.ABANDONED, 0)
    assert Hold.objects.get().released_cents == Hold.objects.get().amount_cents
    assert Booking.objects.get().state == Booking.State.KEPT
    assert purchase.basket.status == Basket.OPEN
    assert not Entry.objects.exists()
    assert faults() == []


def test_a_payment_collected_after_its_expiry_is_an_alarm_and_brings_no_purchase_back():
    payment = an_open_payment_of(a_placed_purchase())
    apply_payment(payment.pk, expired(payment), by=SOMEBODY, now=NOW)

    with pytest.raises(PaidAfterExpiry):
        apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)

    assert Purchase.objects.get().state == Purchase.State.ABANDONED
    assert not Order.objects.exists()
