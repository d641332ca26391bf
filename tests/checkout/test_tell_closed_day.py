from datetime import timedelta

import pytest

from checkout.apply_payment import apply_payment
from checkout.tell_closed_day import tell_closed_day
from kernel.codes import grouped
from outbox.models import Message
from tests.builders import NOW, SOMEBODY, a_placed_purchase, an_open_payment_of, paid

pytestmark = pytest.mark.django_db


def test_the_desk_is_told_once_whom_to_call():
    purchase = a_placed_purchase()
    payment = an_open_payment_of(purchase)
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)
    booking = purchase.bookings.get()

    for _ in range(2):
        tell_closed_day(
            cooperative_id=booking.cooperative_id,
            date="2026-11-25",
            slot_hold_ids=[booking.slot_hold_id],
            now=NOW + timedelta(hours=1),
        )

    told = Message.objects.get(key__startswith="mail:closed-day").payload
    assert told["to"] == "sportello@example.org"
    assert grouped(booking.code) in told["text"]
    assert "Camicie" not in told["subject"]


def test_a_closed_day_without_bookings_tells_nobody():
    tell_closed_day(cooperative_id=1, date="2026-11-25", slot_hold_ids=[], now=NOW)

    assert not Message.objects.exists()
