from datetime import timedelta

import pytest

from audit.models import AuditRow
from checkout.apply_payment import apply_payment
from checkout.deliver_booking import AlreadyDelivered, NotYetBegun, deliver_booking
from checkout.models import Booking, Purchase
from ledger.verify import faults
from portal.queries import payable_cents
from providers.models import Visit
from providers.prove_visit import LOCKED_FOR, VisitLocked, WrongServiceCode
from tests.builders import NOW, SOMEBODY, a_cooperative, a_placed_purchase, an_open_payment_of, paid
from tests.threads import at_once, without_locks

pytestmark = pytest.mark.django_db

SERVED = NOW + timedelta(days=3, hours=2)


def a_booking_to_serve() -> Booking:
    purchase = a_placed_purchase()
    payment = an_open_payment_of(purchase)
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)
    return purchase.bookings.select_related("visit", "cooperative").get()


def deliver(booking, code=None, *, by=None, now=SERVED):
    return deliver_booking(
        booking.code,
        cooperative_id=(by or booking.cooperative).pk,
        service_code=booking.visit.service_code if code is None else code,
        by=SOMEBODY,
        now=now,
    )


def test_the_familys_code_makes_it_payable_less_the_commission():
    booking = a_booking_to_serve()

    deliver(booking)

    booking.refresh_from_db()
    assert (booking.state, booking.visit.state) == (Booking.State.DONE, Visit.State.DONE)
    assert payable_cents(booking.cooperative) == 29_40 - 1_47
    assert booking.purchase.state == Purchase.State.SETTLED
    assert faults() == []


def test_the_code_may_be_typed_as_it_was_dictated():
    booking = a_booking_to_serve()
    code = booking.visit.service_code

    deliver(booking, f" {code[:4].lower()}-{code[4:].lower()} ")

    booking.refresh_from_db()
    assert booking.state == Booking.State.DONE


def test_a_wrong_code_moves_nothing_and_is_counted():
    booking = a_booking_to_serve()

    with pytest.raises(WrongServiceCode):
        deliver(booking, "000000")

    booking.refresh_from_db()
    assert (booking.state, booking.visit.wrong_codes) == (Booking.State.CONFIRMED, 1)
    assert payable_cents(booking.cooperative) == 0
    assert AuditRow.objects.get(verb="wrong service code").subject == f"booking:{booking.code}"


def test_five_wrong_codes_close_the_door_even_to_the_right_one_for_a_while():
    booking = a_booking_to_serve()
    for _ in range(5):
        with pytest.raises(WrongServiceCode):
            deliver(booking, "000000")

    with pytest.raises(VisitLocked):
        deliver(booking)
    deliver(booking, now=SERVED + LOCKED_FOR)

    booking.refresh_from_db()
    assert booking.state == Booking.State.DONE


def test_delivering_twice_pays_once():
    booking = a_booking_to_serve()
    deliver(booking)

    with pytest.raises(AlreadyDelivered):
        deliver(booking)

    assert payable_cents(booking.cooperative) == 29_40 - 1_47


def test_the_code_does_not_count_before_the_appointment_begins():
    booking = a_booking_to_serve()

    with pytest.raises(NotYetBegun, match="mer 25 nov, 10:00"):
        deliver(booking, now=NOW + timedelta(days=2))

    assert payable_cents(booking.cooperative) == 0

    deliver_booking(
        booking.code,
        cooperative_id=booking.cooperative_id,
        service_code=booking.visit.service_code,
        by=SOMEBODY,
        now=NOW + timedelta(days=2),
        done_early=True,
    )
    assert payable_cents(booking.cooperative) == 29_40 - 1_47
    assert AuditRow.objects.get(verb="deliver").facts == {"early": True}


def test_another_cooperative_finds_no_such_booking():
    booking = a_booking_to_serve()

    with pytest.raises(Booking.DoesNotExist):
        deliver(booking, by=a_cooperative("Papavero"))


@pytest.mark.django_db(transaction=True)
def test_eight_phones_at_once_pay_once():
    booking = a_booking_to_serve()

    results = at_once(8, lambda _: deliver(booking))

    assert sum(isinstance(result, Booking) for result in results) == 1
    assert sum(isinstance(result, AlreadyDelivered) for result in results) == 7
    assert payable_cents(booking.cooperative) == 29_40 - 1_47
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_eight_phones_meet_something_worse_than_a_refusal():
    booking = a_booking_to_serve()

    with without_locks():
        results = at_once(8, lambda _: deliver(booking))

    assert not all(isinstance(result, Booking | AlreadyDelivered) for result in results) or (
        sum(isinstance(result, Booking) for result in results) > 1
    ), results
    assert payable_cents(booking.cooperative) == 29_40 - 1_47  # the transfer's key still pays only once
