"""Open the hosted payment page of a payment: ask Stripe, outside any transaction, and keep what it said."""

from datetime import datetime
from time import monotonic, sleep

from django.db import transaction

from payments import gateway
from payments.ask_payment import CREATE_SESSION, next_attempt
from payments.gateway import GatewayBusy, GatewayRefused, GatewayUnclear, SessionFacts
from payments.models import Call, Payment

# Each new attempt keeps the times a little longer: not for ever.
MOST_ATTEMPTS = 3
RIVAL_SECONDS = 8


def open_payment(payment_id: int, *, now: datetime) -> SessionFacts | None:
    """Return the payment's page, made at need; ``None`` when the payment is over.

    Twice at once, or again after a crash, it is the same page: same key, same parameters.

    :raises GatewayUnclear: Stripe gave no answer: ask again.
    :raises GatewayRefused: Stripe refused: nothing was made; the next call makes a new attempt, a few times.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.state == Payment.State.OPEN:
        return gateway.retrieve_session(payment.session_id)
    if payment.state != Payment.State.NEW:
        return None

    call = _call_to_make(payment_id, now)
    try:
        facts = gateway.create_session(call.params, call.key)
    except GatewayBusy:
        return _answer_of_the_rival(payment_id)
    except GatewayRefused as refusal:
        Call.objects.filter(pk=call.pk, answered_at=None).update(answered_at=now, refusal=str(refusal))
        raise
    if not _keep(payment_id, call.pk, facts, now):
        # The payment ended while Stripe was answering: nobody may pay on this page.
        gateway.expire_session(facts.session_id)
        return None
    return facts


def _answer_of_the_rival(payment_id: int) -> SessionFacts | None:
    """Wait for whoever asked a moment earlier to store the page: a double click is answered like the first.

    :raises GatewayUnclear: they did not, in the time a person waits.
    """
    give_up_at = monotonic() + RIVAL_SECONDS
    while monotonic() < give_up_at:
        payment = Payment.objects.get(pk=payment_id)
        if payment.state != Payment.State.NEW:
            return gateway.retrieve_session(payment.session_id) if payment.session_id else None
        sleep(0.2)
    raise GatewayUnclear(f"payment {payment_id}: another click is still waiting for its page")


def _call_to_make(payment_id: int, now: datetime) -> Call:
    """Return the call that was not refused, or freeze the next."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).get(pk=payment_id)
        last = payment.calls.filter(verb=CREATE_SESSION).order_by("attempt").select_related("payment").last()
        assert last is not None, "a payment is born with its first call"
        if not last.refusal:
            return last
        if last.attempt >= MOST_ATTEMPTS:
            raise GatewayRefused(last.refusal)
        return next_attempt(last, now=now)


def _keep(payment_id: int, call_id: int, facts: SessionFacts, now: datetime) -> bool:
    """Store the page, also of a payment that is over; return whether it may still be paid on."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).get(pk=payment_id)
        if not payment.session_id:
            payment.session_id, payment.session_url = facts.session_id, facts.url
        if payment.state == Payment.State.NEW:
            payment.move_to(Payment.State.OPEN)
        payment.save(update_fields=["state", "session_id", "session_url"])
        Call.objects.filter(pk=call_id, answered_at=None).update(answered_at=now)
        return payment.state == Payment.State.OPEN
