"""Apply to a purchase what Stripe says of its payment: the one place where a purchase is secured or abandoned."""

from datetime import datetime

from django.db import transaction

from audit.record import record
from checkout.baskets import locked_basket
from checkout.confirmation import put_confirmation
from checkout.models import Booking, Purchase
from checkout.write_orders import write_orders
from kernel.actor import Actor
from ledger.card import book_card_fee
from ledger.holds import drop_hold, fund_card_hold
from payments.gateway import SessionFacts
from payments.models import Payment
from payments.note_facts import note_facts
from providers.plan_visit import plan_visit
from providers.release_slot_holds import release_slot_holds
from providers.take_slot_holds import take_slot_holds


def apply_payment(payment_id: int, facts: SessionFacts, *, by: Actor, now: datetime) -> None:
    """Move payment and purchase forward, together. The same facts again change nothing.

    :raises AmountsDiffer: Stripe collected another amount than was asked.
    :raises PaidAfterExpiry: Stripe collected on a page it had called expired.
    """
    with transaction.atomic():
        purchase, payment = _locked(payment_id)
        note_facts(payment, facts, now=now)
        if payment.fee_cents is not None:
            book_card_fee(
                payment=str(payment.pk),
                district_id=payment.district_id,
                cents=payment.fee_cents,
                by=by,
                now=now,
            )
        if purchase.state != Purchase.State.PAYING:
            return
        if payment.state == Payment.State.COLLECTED:
            _secure(purchase, by=by, now=now)
        elif payment.state == Payment.State.EXPIRED:
            _abandon(purchase, by=by, now=now)


def drop_unasked(payment_id: int, *, by: Actor, now: datetime) -> None:
    """Abandon a purchase whose payment page Stripe definitely refused to make, unless another try is under way."""
    with transaction.atomic():
        purchase, payment = _locked(payment_id)
        every_try_refused = not payment.calls.filter(refusal="").exists()
        if (
            payment.state == Payment.State.NEW
            and purchase.state == Purchase.State.PAYING
            and every_try_refused
        ):
            payment.move_to(Payment.State.EXPIRED)
            payment.save(update_fields=["state"])
            _abandon(purchase, by=by, now=now)


def _locked(payment_id: int) -> tuple[Purchase, Payment]:
    """Lock the basket, the purchase, then its payment: the order in which everybody locks them."""
    code = Payment.objects.values_list("purchase_code", flat=True).get(pk=payment_id)
    locked_basket(Purchase.objects.values_list("basket_id", flat=True).get(code=code))
    purchase = Purchase.objects.select_for_update(no_key=True).get(code=code)
    payment = Payment.objects.select_for_update(no_key=True).get(pk=payment_id)
    return purchase, payment


def _secure(purchase: Purchase, *, by: Actor, now: datetime) -> None:
    bookings = _bookings(purchase)
    take_slot_holds([booking.slot_hold_id for booking in bookings])
    orders = write_orders(purchase, bookings)
    for booking in bookings:
        assert booking.hold_id is not None, "a placed booking has its hold"
        fund_card_hold(booking.hold_id, by=by, now=now)
        booking.order = orders[booking.cooperative_id]
        booking.visit = plan_visit(
            district_id=purchase.district_id,
            cooperative_id=booking.cooperative_id,
            slot_hold=booking.slot_hold,
        )
        booking.move_to(Booking.State.CONFIRMED)
        booking.save(update_fields=["order", "visit", "state"])
    purchase.move_to(Purchase.State.SECURED)
    purchase.secured_at = now
    purchase.save(update_fields=["state", "secured_at"])
    put_confirmation(purchase, bookings, now=now)
    record("secure", subject=f"purchase:{purchase.code}", district_id=purchase.district_id, by=by, now=now)


def _abandon(purchase: Purchase, *, by: Actor, now: datetime) -> None:
    """Give everything back: the times to others, the bookings to the basket, where they can be kept anew."""
    bookings = _bookings(purchase)
    release_slot_holds([booking.slot_hold_id for booking in bookings])
    for booking in bookings:
        assert booking.hold_id is not None, "a placed booking has its hold"
        drop_hold(booking.hold_id)
        booking.move_to(Booking.State.KEPT)
        booking.purchase = booking.hold = None
        booking.gross_cents = booking.vat_cents = booking.commission_cents = None
        booking.save()
    purchase.basket.thaw()
    purchase.move_to(Purchase.State.ABANDONED)
    purchase.abandoned_at = now
    purchase.save(update_fields=["state", "abandoned_at"])
    record("abandon", subject=f"purchase:{purchase.code}", district_id=purchase.district_id, by=by, now=now)


def _bookings(purchase: Purchase) -> list[Booking]:
    return list(
        purchase.bookings.select_related(
            "listing__kind",
            "listing__stockrecord__product",
            "listing__stockrecord__partner",
            "cooperative__partner",
            "slot_hold__slot",
            "line",
        ).order_by("pk")
    )
