"""Note what Stripe says of a payment, and move it forward."""

from datetime import datetime

from payments.gateway import SessionFacts
from payments.models import Payment


class AmountsDiffer(RuntimeError):
    """Stripe collected another amount than was asked: nothing is booked, a person must look."""


class PaidAfterExpiry(RuntimeError):
    """Stripe collected on a page it had called expired: the places are gone, a person must give it back."""


def note_facts(payment: Payment, facts: SessionFacts, *, now: datetime) -> None:
    """Move a locked payment to where the facts lead. What is already known changes nothing.

    :raises AmountsDiffer: the amount collected is not the amount asked.
    :raises PaidAfterExpiry: the payment is over, and yet it was collected.
    """
    if payment.state == Payment.State.EXPIRED and facts.is_paid:
        raise PaidAfterExpiry(str(payment))
    if payment.state == Payment.State.OPEN and facts.is_paid:
        if facts.received != payment.amount_cents:
            raise AmountsDiffer(f"{payment}: {payment.amount_cents} asked, {facts.received} collected")
        payment.move_to(Payment.State.COLLECTED)
        payment.intent_id, payment.charge_id = facts.intent_id, facts.charge_id
        payment.collected_at = now
    elif payment.state == Payment.State.OPEN and facts.status == "expired":
        payment.move_to(Payment.State.EXPIRED)
    if payment.state == Payment.State.COLLECTED and payment.fee_cents is None:
        payment.fee_cents = facts.fee
    payment.save()
