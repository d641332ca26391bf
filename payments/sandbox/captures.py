"""Take authorised money, or give it up."""

from payments.sandbox.charges import release_charge, settle_charge
from payments.sandbox.euros import euros
from payments.sandbox.events import record_event
from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction


def capture_intent(tx: Transaction, intent: Json, params: Json) -> Json:
    """Capture once, all or part; what is not captured is released for good.

    :raises Refusal: nothing is held, or the amount is not between one cent and all.
    """
    if intent["status"] != "requires_capture":
        raise Refusal(
            "This PaymentIntent could not be captured because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following "
            "statuses may be captured: requires_capture.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    held: int = intent["amount_capturable"]
    amount: int = params.get("amount_to_capture", held)
    if amount < 1:
        raise Refusal(
            "Invalid positive integer",
            code="parameter_invalid_integer",
            param="amount_to_capture",
        )
    if amount > held:
        raise Refusal(
            f"The amount to capture ({euros(amount)}) is greater than the amount "
            f"which can be captured ({euros(held)}).",
            code="amount_too_large",
            param="amount_to_capture",
        )
    charge = _charge_of(tx, intent)
    metadata = intent["metadata"] | (params.get("metadata") or {})
    intent |= {
        "status": "succeeded",
        "amount_capturable": 0,
        "amount_received": amount,
        "metadata": metadata,
    }
    tx.save(intent)
    charge |= {"captured": True, "amount_captured": amount}
    if amount < held:
        charge["amount_refunded"] = held - amount
    tx.save(charge)
    record_event(tx, "charge.captured", charge)
    if amount < held:
        record_event(tx, "charge.refunded", charge, previous={"amount_refunded": 0})
    # Only automatic_async waits with the booking; an explicit capture does not.
    settle_charge(tx, charge)
    record_event(tx, "payment_intent.succeeded", intent)
    _mark_session_paid(tx, intent)
    return intent


def cancel_intent(tx: Transaction, intent: Json, *, reason: str | None) -> Json:
    """Release what is held. A session's intent can be canceled only while it holds.

    :raises Refusal: the intent holds nothing.
    """
    if intent["status"] in ("succeeded", "canceled"):
        raise Refusal(
            "You cannot cancel this PaymentIntent because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following "
            "statuses may be canceled: requires_payment_method, requires_capture, "
            "requires_confirmation, requires_action, processing.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    if intent["status"] != "requires_capture":
        raise Refusal(
            "You cannot cancel a PaymentIntent created by a Checkout Session unless "
            "its status is requires_capture. Expire the Checkout Session instead.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    intent |= {
        "status": "canceled",
        "amount_capturable": 0,
        "canceled_at": tx.now,
        "cancellation_reason": reason,
    }
    tx.save(intent)
    release_charge(tx, _charge_of(tx, intent))
    record_event(tx, "payment_intent.canceled", intent)
    return intent


def _charge_of(tx: Transaction, intent: Json) -> Json:
    charge = tx.get("charge", intent["latest_charge"])
    assert charge is not None, "an intent that holds money has a charge"
    return charge


def _mark_session_paid(tx: Transaction, intent: Json) -> None:
    session = tx.get("checkout.session", tx.private(intent["id"])["session"])
    assert session is not None, "every intent here belongs to a session"
    session["payment_status"] = "paid"
    tx.save(session)
