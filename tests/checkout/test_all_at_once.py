"""All verbs of the thread at once, in random order, on the same few rows: no deadlock, no drift.

Fifteen seconds here; ``SECONDS_OF_DISORDER=60`` for the long run.
"""

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.models import Sum
from oscar.apps.basket.models import Basket

from catalogue.models import Listing
from catalogue.oscar_partner.strategy import Strategy
from checkout.apply_payment import apply_payment
from checkout.baskets import bookings_in
from checkout.deliver_booking import deliver_booking
from checkout.drop_booking import drop_booking
from checkout.drop_series import drop_series
from checkout.keep_booking import keep_booking
from checkout.keep_longer import keep_longer
from checkout.keep_series import keep_series
from checkout.models import Booking, Purchase
from checkout.place_purchase import place_purchase
from checkout.put_back_bookings import put_back_bookings
from kernel.errors import DomainError
from ledger.chart import card_payable
from ledger.payouts import Payout, payout_failed, payout_paid, start_payout
from ledger.sums import take_checkpoints
from ledger.verify import faults
from payments.models import Payment
from providers.models import Slot, SlotHold
from providers.tasks import LAPSED_PLACES
from tests.builders import (
    NOW,
    SOMEBODY,
    a_basket,
    a_cooperative,
    a_listing,
    a_placing,
    a_slot,
    expired,
    paid,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = float(os.environ.get("SECONDS_OF_DISORDER", "15"))
CLIENTS = 8


class Somebody:
    """One client, with a random mind of its own; rows are shared with all the others."""

    def __init__(self, number: int, slots: list[int], baskets: list[int]) -> None:
        self.random = random.Random(number)
        self.slots, self.baskets = slots, baskets
        self.now = NOW
        self.payouts = 0
        self.number = number
        self.address = f"network {number % 3}"

    def acts(self) -> list[Callable[[], object]]:
        return [self.keep, self.keep, self.place, self.place, self.pay, self.pay, self.deliver, self.deliver,
                self.drop, self.longer, self.keep_weeks, self.drop_weeks, self.put_back,
                self.expire, self.sweep, self.pay_out, self.checkpoint]  # fmt: skip

    def basket(self) -> int:
        return self.random.choice(self.baskets)

    def keep(self) -> None:
        slot = Slot.objects.get(pk=self.random.choice(self.slots))
        listing = Listing.objects.with_offer().get(pk=slot.listing_id)
        basket = _basket(self.basket())
        keep_booking(
            basket=basket,
            listing=listing,
            slot_id=slot.pk,
            quantity_milli=6000,
            address=self.address,
            by=SOMEBODY,
            now=self.now,
            again=True,
        )

    def drop(self) -> None:
        basket = self.basket()
        if kept := bookings_in(basket):
            with suppress(Booking.DoesNotExist):
                drop_booking(self.random.choice(kept).code, basket_id=basket, by=SOMEBODY, now=self.now)

    def keep_weeks(self) -> None:
        listing_id = Slot.objects.values_list("listing", flat=True).get(pk=self.random.choice(self.slots))
        weeks = list(Slot.objects.filter(listing=listing_id).values_list("pk", flat=True))
        self.random.shuffle(weeks)
        keep_series(
            basket=_basket(self.basket()),
            listing=Listing.objects.with_offer().get(pk=listing_id),
            slot_ids=weeks,
            quantity_milli=6000,
            address=self.address,
            by=SOMEBODY,
            now=self.now,
        )

    def drop_weeks(self) -> None:
        for booking in self.some(Booking.objects.filter(state=Booking.State.KEPT).exclude(series="")):
            line = booking.line
            with suppress(Booking.DoesNotExist):
                drop_series(
                    booking.series, basket_id=line.basket_id if line else None, by=SOMEBODY, now=self.now
                )

    def put_back(self) -> None:
        basket = _basket(self.basket())
        dropped = Booking.objects.filter(state=Booking.State.DROPPED, slot_hold__keeper=f"basket:{basket.pk}")
        codes = list(dropped.values_list("code", flat=True)[:4])
        put_back_bookings(codes, basket=basket, address=self.address, by=SOMEBODY, now=self.now)

    def longer(self) -> None:
        keep_longer(basket_id=self.basket(), address=self.address, by=SOMEBODY, now=self.now)

    def place(self) -> None:
        purchase = place_purchase(a_placing(self.basket()), by=SOMEBODY, now=self.now)
        # As after Stripe's answer; in one statement, because another client may be told the same.
        Payment.objects.filter(purchase_code=purchase.code, state=Payment.State.NEW).update(
            state=Payment.State.OPEN, session_id=f"cs_test_{purchase.code}"
        )

    def pay(self) -> None:
        for payment in self.some(Payment.objects.filter(state=Payment.State.OPEN)):
            apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=self.now)

    def expire(self) -> None:
        for payment in self.some(Payment.objects.filter(state=Payment.State.OPEN)):
            apply_payment(payment.pk, expired(payment), by=SOMEBODY, now=self.now)

    def deliver(self) -> None:
        for booking in self.some(
            Booking.objects.filter(state=Booking.State.CONFIRMED).select_related("visit")
        ):
            deliver_booking(
                booking.code,
                cooperative_id=booking.cooperative_id,
                service_code=booking.visit.service_code,
                by=SOMEBODY,
                now=self.now,
                done_early=True,
            )

    def pay_out(self) -> None:
        self.payouts += 1
        cooperative = a_cooperative(self.random.choice(["Girasole", "Papavero"]))
        district = Purchase.objects.values_list("district_id", flat=True).first()
        if district is None:
            return
        ref = f"p{self.number}-{self.payouts}"
        payout = Payout(ref, district, cooperative.pk, card_payable(cooperative.pk))
        start_payout(payout, by=SOMEBODY, now=self.now)
        end = self.random.choice([payout_paid, payout_failed])
        end(payout, by=SOMEBODY, now=self.now)

    def sweep(self) -> None:
        for slot_id in LAPSED_PLACES.find(self.now):
            LAPSED_PLACES.finish(slot_id, self.now)

    def checkpoint(self) -> None:
        take_checkpoints(self.now)

    def some(self, rows):
        return rows.order_by("?")[:1]

    def live(self, until: float) -> list[str]:
        """Act until the end; return what nobody should meet: anything but a worded refusal."""
        met = []
        while time.monotonic() < until:
            act = self.random.choice(self.acts())
            self.now += timedelta(seconds=self.random.choice([0, 1, 30]))
            try:
                act()
            except DomainError:
                continue
            except Exception as error:  # noqa: BLE001  collected, and judged at the end
                met.append(f"{act.__name__}: {type(error).__name__}: {error}")
        return met


def _basket(basket_id: int):
    basket = Basket.objects.get(pk=basket_id)
    basket.strategy = Strategy()
    return basket


def test_everything_at_once_neither_locks_up_nor_drifts():
    sellers = [a_listing(by=a_cooperative("Girasole")), a_listing("Altro", by=a_cooperative("Papavero"))]
    slots = [a_slot(of=sellers[n % 2], places=40, starts_in=timedelta(days=3 + n)).pk for n in range(4)]
    baskets = [a_basket().pk for _ in range(40)]
    until = time.monotonic() + SECONDS

    met = at_once(CLIENTS, lambda number: Somebody(number, slots, baskets).live(until))

    assert [error for errors in met for error in errors if "PaidAfterExpiry" not in error] == []
    for slot in Slot.objects.all():
        live = SlotHold.objects.filter(slot=slot).exclude(state=SlotHold.State.RELEASED)
        assert slot.taken == (live.aggregate(total=Sum("places"))["total"] or 0)
    assert faults() == []
    assert Purchase.objects.filter(state=Purchase.State.SETTLED).exists(), (
        "nobody got to the end: no test at all"
    )
