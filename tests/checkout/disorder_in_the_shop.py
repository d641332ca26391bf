"""The shop's verbs in the disorder: keeping, placing, paying, delivering; and what may happen to card money after."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
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
from ledger import card
from ledger.models import Hold
from payments.models import Payment
from providers.models import Slot
from providers.tasks import LAPSED_PLACES
from tests.builders import SOMEBODY, a_placing, expired, paid
from tests.checkout.disorder import SETTLED, Somebody


class Family(Somebody):
    """Families, Stripe and a cooperative's desk in one."""

    def acts(self):
        return [self.keep, self.keep, self.place, self.place, self.pay, self.pay, self.deliver, self.deliver,
                self.drop, self.longer, self.keep_weeks, self.drop_weeks, self.put_back,
                self.expire, self.lapse_places]  # fmt: skip

    @property
    def address(self) -> str:
        return f"network {self.number % 3}"

    def basket(self) -> int:
        return self.random.choice(self.world.baskets)

    def opened(self) -> Any:
        basket = Basket.objects.get(pk=self.basket())
        basket.strategy = Strategy()
        return basket

    def keep(self) -> bool:
        slot = Slot.objects.get(pk=self.random.choice(self.world.slots))
        listing = Listing.objects.with_offer().get(pk=slot.listing_id)
        known: dict[str, Any] = {"quantity_milli": 6000, "by": SOMEBODY, "now": self.now, "again": True}
        known["address"] = self.address
        return bool(keep_booking(basket=self.opened(), listing=listing, slot_id=slot.pk, **known))

    def keep_weeks(self) -> bool:
        listing_id = Slot.objects.values_list("listing", flat=True).get(
            pk=self.random.choice(self.world.slots)
        )
        weeks = list(Slot.objects.filter(listing=listing_id).values_list("pk", flat=True))
        self.random.shuffle(weeks)
        known: dict[str, Any] = {"quantity_milli": 6000, "by": SOMEBODY, "now": self.now}
        listing = Listing.objects.with_offer().get(pk=listing_id)
        keep_series(basket=self.opened(), listing=listing, slot_ids=weeks, address=self.address, **known)
        return True

    def drop_weeks(self) -> bool:
        booking = self.some(Booking.objects.filter(state=Booking.State.KEPT).exclude(series=""))
        if booking is None or booking.line is None:
            return False
        try:
            drop_series(booking.series, basket_id=booking.line.basket_id, by=SOMEBODY, now=self.now)
        except Booking.DoesNotExist:
            return False
        return True

    def put_back(self) -> bool:
        basket = self.opened()
        dropped = Booking.objects.filter(state=Booking.State.DROPPED, slot_hold__keeper=f"basket:{basket.pk}")
        codes = list(dropped.values_list("code", flat=True)[:4])
        put_back_bookings(codes, basket=basket, address=self.address, by=SOMEBODY, now=self.now)
        return bool(codes)

    def drop(self) -> bool:
        basket = self.basket()
        kept = bookings_in(basket)
        if not kept:
            return False
        try:
            drop_booking(self.random.choice(kept).code, basket_id=basket, by=SOMEBODY, now=self.now)
        except Booking.DoesNotExist:
            return False
        return True

    def longer(self) -> bool:
        basket = self.basket()
        if not bookings_in(basket):
            return False
        keep_longer(basket_id=basket, address=self.address, by=SOMEBODY, now=self.now)
        return True

    def place(self) -> bool:
        purchase = place_purchase(a_placing(self.basket()), by=SOMEBODY, now=self.now)
        # As after Stripe's answer; in one statement, because another client may be told the same.
        Payment.objects.filter(purchase_code=purchase.code, state=Payment.State.NEW).update(
            state=Payment.State.OPEN, session_id=f"cs_test_{purchase.code}"
        )
        return True

    def pay(self) -> bool:
        payment = self.some(Payment.objects.filter(state=Payment.State.OPEN))
        if payment:
            apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=self.now)
        return bool(payment)

    def expire(self) -> bool:
        if self.random.random() > 0.4:  # or nobody would ever be paid
            return False
        payment = self.some(Payment.objects.filter(state=Payment.State.OPEN))
        if payment:
            apply_payment(payment.pk, expired(payment), by=SOMEBODY, now=self.now)
        return bool(payment)

    def deliver(self) -> bool:
        there = Q(hold__open_cents__gt=0, hold__frozen=False)
        confirmed = Booking.objects.filter(there, state="confirmed").select_related("visit")
        # Half of the time what was begun is finished: at random alone, few purchases would be served whole.
        begun = confirmed.filter(purchase__bookings__state="done")
        booking = (self.some(begun) if self.random.random() < 0.5 else None) or self.some(confirmed)
        if booking is None:
            return False
        known: dict[str, Any] = {"service_code": booking.visit.service_code, "by": SOMEBODY, "now": self.now}
        try:
            deliver_booking(booking.code, cooperative_id=booking.cooperative_id, done_early=True, **known)
        except ValueError:  # a dispute was lost meanwhile: nothing is left to capture
            return False
        if Purchase.objects.filter(pk=booking.purchase_id, state=Purchase.State.SETTLED).exists():
            self.world.succeeded[SETTLED] += 1
        return True

    def lapse_places(self) -> bool:
        lapsed = list(LAPSED_PLACES.find(self.now + timedelta(minutes=5)))
        for slot_id in lapsed:
            LAPSED_PLACES.finish(slot_id, self.now)
        return bool(lapsed)


class Stripe(Somebody):
    """What happens to card money later: refunds that arrive, bounce or are paid by hand; disputes."""

    def acts(self):
        return [self.refund, self.refund_delivered, self.refund_arrives, self.refund_bounces,
                self.refund_by_hand, self.dispute, self.dispute_is_won, self.dispute_is_lost,
                self.dispute_is_owed]  # fmt: skip

    def hold(self, **wanted: object) -> Hold | None:
        return self.some(Hold.objects.filter(book="C", **wanted))

    def refund(self) -> bool:
        hold = self.hold(state="held", frozen=False)
        if hold is None:
            return False
        ref, cents = self.ref(), self.cents(min(hold.open_cents, 1_00))
        card.ask_refund(hold.pk, cents, refund=ref, by=SOMEBODY, now=self.now)
        self.world.refunds.append((ref, hold.district_id, cents))
        return True

    def refund_delivered(self) -> bool:
        booking = self.some(Booking.objects.filter(state="done", hold__captured_cents__gt=0))
        if booking is None:
            return False
        hold = Hold.objects.get(pk=booking.hold_id)
        ref, cents = self.ref(), self.cents(max(1, min(hold.captured_cents, 1_00)))
        try:
            card.ask_refund_of_delivered(
                hold.pk, cents, cooperative_id=booking.cooperative_id, refund=ref, by=SOMEBODY, now=self.now
            )
        except ValueError:  # others had refunded it meanwhile
            return False
        self.world.refunds.append((ref, hold.district_id, cents))
        return True

    def refund_arrives(self) -> bool:
        if one := self.one_of(self.world.refunds):
            card.refund_done(refund=one[0], district_id=one[1], cents=one[2], by=SOMEBODY, now=self.now)
            self.world.arrived.append(one)
        return bool(one)

    def refund_bounces(self) -> bool:
        """Told once or twice, as webhooks are."""
        if one := self.one_of(self.world.arrived):
            for _ in range(self.random.choice([1, 2])):
                card.refund_bounced(
                    refund=one[0], district_id=one[1], cents=one[2], by=SOMEBODY, now=self.now
                )
            self.world.bounced.append(one)
        return bool(one)

    def refund_by_hand(self) -> bool:
        if one := self.one_of(self.world.bounced):
            card.refund_by_hand(refund=one[0], district_id=one[1], cents=one[2], by=SOMEBODY, now=self.now)
        return bool(one)

    def dispute(self) -> bool:
        hold = self.hold(state="held", frozen=False)
        if hold is None:
            return False
        ref = self.ref()
        known: dict[str, Any] = {"district_id": hold.district_id, "by": SOMEBODY, "now": self.now}
        card.dispute_opened(dispute=ref, cents=hold.open_cents, fee=15_00, hold_ids=[hold.pk], **known)
        self.world.disputes.append((ref, hold.district_id, hold.open_cents, hold.pk))
        return True

    def dispute_is_won(self) -> bool:
        if one := self.one_of(self.world.disputes):
            ref, district_id, cents, hold_id = one
            known: dict[str, Any] = {"district_id": district_id, "by": SOMEBODY, "now": self.now}
            card.dispute_won(dispute=ref, cents=cents, hold_ids=[hold_id], **known)
        return bool(one)

    def dispute_is_lost(self) -> bool:
        if one := self.one_of(self.world.disputes):
            ref, _, _, hold_id = one
            left = Hold.objects.get(pk=hold_id).open_cents
            if left:
                card.dispute_lost(dispute=ref, hold_id=hold_id, cents=left, by=SOMEBODY, now=self.now)
        return bool(one)

    def dispute_is_owed(self) -> bool:
        """Lost over a service that was captured and is not proven."""
        booking = self.some(
            Booking.objects.filter(state="done", hold__captured_cents__gt=0, hold__open_cents=0)
        )
        if booking is None:
            return False
        known: dict[str, Any] = {"cooperative_id": booking.cooperative_id, "by": SOMEBODY, "now": self.now}
        try:
            return card.dispute_owed(dispute=self.ref(), hold_id=booking.hold_id, cents=1, **known)
        except ValueError:  # others had refunded it meanwhile
            return False
