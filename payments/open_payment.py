"""Open the hosted payment page of a payment: ask Stripe, outside any transaction, and keep what it said."""

from datetime import datetime

from django.db import transaction

from payments import gateway
from payments.ask_payment import CREATE_SESSION, next_attempt
from payments.gateway import GatewayRefused, SessionFacts
from payments.models import Call, Payment


def open_payment(payment_id: int, *, now: datetime) -> SessionFacts | None:
    """Return the payment's page, made at need; ``None`` when the payment is over.

    Twice at once, or again after a crash, it is the same page: same key, same parameters.

    :raises GatewayUnclear: Stripe gave no answer: ask again.
    :raises GatewayRefused: Stripe refused: nothing was made; the next call makes a new attempt.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.state == Payment.State.OPEN:
        return gateway.retrieve_session(payment.session_id)
    if payment.state != Payment.State.NEW:
        return None

    call = _call_to_make(payment_id, now)
    try:
        facts = gateway.create_session(call.params, call.key)
    except GatewayRefused as refusal:
        Call.objects.filter(pk=call.pk, answered_at=None).update(answered_at=now, refusal=str(refusal))
        raise
    _keep(payment_id, call.pk, facts, now)
    return facts


def _call_to_make(payment_id: int, now: datetime) -> Call:
    """Return the call that was not refused, or freeze the next."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).get(pk=payment_id)
        last = payment.calls.filter(verb=CREATE_SESSION).order_by("attempt").select_related("payment").last()
        assert last is not None, "a payment is born with its first call"
        return next_attempt(last, now=now) if last.refusal else last


def _keep(payment_id: int, call_id: int, facts: SessionFacts, now: datetime) -> None:
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).get(pk=payment_id)
        if payment.state == Payment.State.NEW:
            payment.move_to(Payment.State.OPEN)
            payment.session_id, payment.session_url = facts.session_id, facts.url
            payment.save(update_fields=["state", "session_id", "session_url"])
        Call.objects.filter(pk=call_id, answered_at=None).update(answered_at=now)
