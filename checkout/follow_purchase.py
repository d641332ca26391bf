"""Follow a purchase: look at Stripe, then apply what it says.

The return page, the webhook's hint and the sweeper all come through here, in any order and at once.
"""

from datetime import datetime

from checkout.apply_payment import apply_payment, drop_unasked
from checkout.models import Purchase
from kernel.actor import Actor
from payments import gateway
from payments.gateway import GatewayRefused
from payments.models import Payment
from payments.open_payment import open_payment


def follow_purchase(code: str, *, by: Actor, now: datetime) -> Purchase:
    """Bring the purchase to where its payment is, and return it.

    A payment page whose time has passed is closed; only when Stripe has said that nobody can pay on it any
    more are the kept times given back: no answer, no release.

    :raises Purchase.DoesNotExist: there is no such purchase.
    :raises GatewayUnclear: Stripe gave no answer; nothing has changed.
    """
    Purchase.objects.filter(code=code).update(followed_at=now)
    payment = Payment.objects.filter(purchase_code=code).order_by("pk").last()
    if payment is not None and (payment.state != Payment.State.COLLECTED or payment.fee_cents is None):
        _look(payment, by=by, now=now)
    return Purchase.objects.select_related("district", "contact__municipality").get(code=code)


def _look(payment: Payment, *, by: Actor, now: datetime) -> None:
    out_of_time = now >= payment.pay_by
    if payment.state == Payment.State.NEW:
        if not out_of_time:
            return
        # The call may have reached Stripe although its answer did not reach us: ask again, same key.
        try:
            open_payment(payment.pk, now=now)
        except GatewayRefused:
            drop_unasked(payment.pk, by=by, now=now)
            return
        payment.refresh_from_db()

    facts = gateway.retrieve_session(payment.session_id)
    if facts.status == "open" and out_of_time:
        facts = gateway.expire_session(payment.session_id)
    apply_payment(payment.pk, facts, by=by, now=now)
