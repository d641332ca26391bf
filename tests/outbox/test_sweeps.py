"""What the rooms declare, and that the beat knows all of it."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditSeal
from audit.record import PLATFORM, record
from checkout.apply_payment import apply_payment
from checkout.models import Purchase
from checkout.tasks import (
    FEE_IS_KNOWN_WITHIN,
    SILENCE,
    SILENT_PURCHASES,
    UNKNOWN_FEES,
    purchases_of_unknown_fee,
    silent_purchases,
)
from ledger.models import Entry
from marketplace.celery import app
from marketplace.sweepers import SWEEPS, UNSEALED_AUDIT
from outbox.models import SweepRun
from outbox.sweeping import Swept, run_sweep
from outbox.tasks import sweep
from payments import gateway
from payments.models import Payment
from payments.open_payment import open_payment
from providers.models import SlotHold
from providers.tasks import LAPSED_PLACES
from tests.builders import (
    NOW,
    SOMEBODY,
    a_kept_booking,
    a_placed_purchase,
    a_slot,
    an_open_payment_of,
    paid,
    payment_of,
)
from tests.front_door import a_slot_from_now, pay_by_card

pytestmark = pytest.mark.django_db

LATER = NOW + SILENCE + timedelta(seconds=1)


def a_secured_purchase(*, fee: int | None) -> Purchase:
    purchase = a_placed_purchase()
    payment = an_open_payment_of(purchase)
    apply_payment(payment.pk, paid(payment, fee=fee), by=SOMEBODY, now=NOW)
    return purchase


def test_the_beat_sends_every_declared_sweep():
    app.finalize()

    sent = {
        entry["kwargs"]["name"]: entry["schedule"]
        for entry in app.conf.beat_schedule.values()
        if entry["task"] == "outbox.tasks.sweep"
    }

    assert sent == {each.name: each.every for each in SWEEPS}
    assert len(sent) == 11


@pytest.mark.parametrize("name", [each.name for each in SWEEPS])
def test_every_sweep_runs_by_its_name_also_where_nothing_is_to_do(name):
    sweep(name=name)

    assert SweepRun.objects.get(name=name).ended_at


def test_a_purchase_is_silent_after_two_minutes_until_it_is_over():
    purchase = a_placed_purchase()

    assert list(silent_purchases(NOW + SILENCE)) == []
    assert list(silent_purchases(LATER)) == [purchase.code]

    Purchase.objects.update(state=Purchase.State.ABANDONED, abandoned_at=NOW)
    assert list(silent_purchases(LATER)) == []


def test_a_stripe_that_does_not_answer_is_noted_and_asked_again_two_minutes_later(settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    purchase = a_placed_purchase()
    an_open_payment_of(purchase)

    assert run_sweep(SILENT_PURCHASES, clock=lambda: LATER) == Swept(finished=0, failed=1)

    assert "GatewayUnclear" in SweepRun.objects.get().last_error
    assert list(silent_purchases(LATER)) == []
    assert list(silent_purchases(LATER + 2 * SILENCE)) == [purchase.code]


def test_a_purchase_whose_fee_is_unknown_is_followed_for_three_days():
    a_secured_purchase(fee=68)
    unknown = a_secured_purchase(fee=None)
    paying = a_placed_purchase()

    assert payment_of(paying).state == Payment.State.NEW
    assert list(purchases_of_unknown_fee(NOW)) == []
    assert list(purchases_of_unknown_fee(LATER)) == [unknown.code]
    assert list(purchases_of_unknown_fee(NOW + FEE_IS_KNOWN_WITHIN)) == []


def test_a_fee_that_stripe_told_late_is_booked_by_the_sweep(sandbox):
    now = timezone.now()
    purchase = a_placed_purchase(a_slot_from_now(), now=now)
    payment = payment_of(purchase)
    page = open_payment(payment.pk, now=now)
    pay_by_card(page.url)
    facts = gateway.retrieve_session(page.session_id)
    while facts.fee is None:
        time.sleep(0.1)
        facts = gateway.retrieve_session(page.session_id)
    apply_payment(payment.pk, replace(facts, fee=None), by=SOMEBODY, now=now)
    assert payment_of(purchase).fee_cents is None

    swept = run_sweep(UNKNOWN_FEES, clock=lambda: now + SILENCE + timedelta(seconds=1))

    assert swept == Swept(finished=1, failed=0)
    assert payment_of(purchase).fee_cents == facts.fee > 0
    assert Entry.objects.filter(account__kind="fees").count() == 1


def test_lapsed_places_are_given_back_slot_by_slot_longest_lapsed_first():
    later_slot, slot, kept = a_slot(), a_slot(), a_slot()
    first, second = a_kept_booking(slot), a_kept_booking(later_slot)
    a_kept_booking(kept, now=NOW + timedelta(hours=1))
    SlotHold.objects.filter(pk=second.slot_hold_id).update(until=first.slot_hold.until + timedelta(minutes=1))
    now = NOW + timedelta(minutes=30)

    assert list(LAPSED_PLACES.find(now)) == [slot.pk, later_slot.pk]
    assert run_sweep(LAPSED_PLACES, clock=lambda: now) == Swept(finished=2, failed=0)

    for each, taken in ((slot, 0), (later_slot, 0), (kept, 1)):
        each.refresh_from_db()
        assert each.taken == taken
    assert list(LAPSED_PLACES.find(now)) == []


def test_what_was_recorded_is_sealed_by_the_next_run():
    record("place", subject="purchase:X", district_id=PLATFORM, by=SOMEBODY, now=NOW)

    assert run_sweep(UNSEALED_AUDIT, clock=lambda: NOW) == Swept(finished=1, failed=0)
    assert run_sweep(UNSEALED_AUDIT, clock=lambda: NOW) == Swept(finished=0, failed=0)

    assert AuditSeal.objects.count() == 1
