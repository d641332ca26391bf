"""Follow a purchase: look at Stripe, then apply what it says.

The return page, the webhook's hint and the sweeper all come through here, in any order and at once.
"""

import logging
from datetime import datetime

from checkout.apply_payment import apply_payment, drop_unasked
from checkout.models import Purchase
from kernel.actor import Actor
from payments import gateway
from payments.gateway import GatewayRefused
from payments.models import Payment
from payments.open_payment import open_payment

log = logging.getLogger(__name__)


def follow_purchase(code: str, *, by: Actor, now: datetime) -> Purchase:
    """Bring the purchase to where its payment is, and return it.

    A payment page whose time has passed is closed; only when Stripe has said that nobody can pay on it any
    more are the kept times given back: no answer, no release.

    :raises Purchase.DoesNotExist: there is no such purchase.
    :raises GatewayUnclear: Stripe gave no answer; nothing has changed.
    """
    Purchase.objects.filter(code=code).update(followed_at=now)
    payment = Payment.objects.filter(purchase_code=code).order_by("pk").last()
    if payment is not None and _is_to_follow(payment):
        _look(payment, by=by, now=now)
    return Purchase.objects.select_related("district", "contact__municipality").get(code=code)


def _is_to_follow(payment: Payment) -> bool:
    if payment.state == Payment.State.COLLECTED:
        return payment.fee_cents is None
    return payment.state != Payment.State.EXPIRED


def _look(payment: Payment, *, by: Actor, now: datetime) -> None:
    out_of_time = now >= payment.pay_by
    if payment.state == Payment.State.NEW:
        if not out_of_time:
            return
        if not _learn_what_was_made(payment, by=by, now=now):
            return

    facts = gateway.retrieve_session(payment.session_id)
    if facts.status == "open" and out_of_time:
        facts = gateway.expire_session(payment.session_id)
    apply_payment(payment.pk, facts, by=by, now=now)


def _learn_what_was_made(payment: Payment, *, by: Actor, now: datetime) -> bool:
    """Find out whether Stripe made a page for a payment whose time is up; return whether it did.

    A call without an answer may have reached Stripe: it is asked again, under the same key. Where every try was
    refused there is nothing to find, and the purchase is over.
    """
    if payment.calls.filter(refusal="").exists():
        try:
            open_payment(payment.pk, now=now)
        except GatewayRefused:
            log.info("%s: refused when asked again", payment)
        else:
            payment.refresh_from_db()
            return bool(payment.session_id)
    drop_unasked(payment.pk, by=by, now=now)
    return False
