"""Give captured money back."""

from payments.sandbox.balance import book_refund
from payments.sandbox.charges import settle_charge
from payments.sandbox.euros import euros
from payments.sandbox.events import record_event
from payments.sandbox.ids import new_id, random_text
from payments.sandbox.refusals import Refusal, missing_object, missing_param
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_REFERENCE_AFTER = 1


def create_refund(tx: Transaction, params: Json) -> Json:
    """Refund all that is left of a charge, or the ``amount`` asked.

    :raises Refusal: there is no such captured charge, or less is left on it.
    """
    charge = _charge_to_refund(tx, params)
    left: int = charge["amount"] - charge["amount_refunded"]
    amount = _amount(charge, params, left)
    if charge["balance_transaction"] is None:
        settle_charge(tx, charge)
    refund: Json = {
        "id": new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": params.get("metadata") or {},
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
    of_charge = tx.get("balance_transaction", charge["balance_transaction"])
    assert of_charge is not None, "a settled charge is booked"
    booked = book_refund(tx, refund, available_on=of_charge["available_on"])
    refund["balance_transaction"] = booked["id"]
    tx.add(refund)
    tx.plan("reference", refund["id"], at=tx.now + _REFERENCE_AFTER)
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    tx.save(charge)
    record_event(tx, "refund.created", refund)
    record_event(tx, "charge.refunded", charge, previous=before)
    return refund


def note_reference(tx: Transaction, refund: Json) -> None:
    """Add the bank's reference, which reaches Stripe only some time later."""
    before = refund["destination_details"]
    card = before["card"] | {
        "reference": random_text(23).upper(),
        "reference_status": "available",
    }
    refund["destination_details"] = before | {"card": card}
    tx.save(refund)
    record_event(tx, "refund.updated", refund, previous={"destination_details": before})


def _charge_to_refund(tx: Transaction, params: Json) -> Json:
    if "payment_intent" not in params:
        raise missing_param("payment_intent")
    wanted = params["payment_intent"]
    intent = tx.get("payment_intent", wanted)
    if intent is None:
        raise missing_object("payment_intent", wanted, param="payment_intent", status=400)
    charge = tx.get("charge", intent["latest_charge"] or "")
    if charge is None or not charge["paid"]:
        raise Refusal(
            f"This PaymentIntent ({wanted}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
            param="payment_intent",
        )
    if not charge["captured"]:
        raise Refusal(
            f"Charge {charge['id']} is not captured: cancel the PaymentIntent to release it.",
            code="payment_intent_unexpected_state",
            param="payment_intent",
        )
    return charge


def _amount(charge: Json, params: Json, left: int) -> int:
    if left == 0:
        raise Refusal(
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    amount: int = params.get("amount", left)
    if amount < 1:
        raise Refusal(
            "Invalid positive integer",
            code="parameter_invalid_integer",
            param="amount",
        )
    if amount > left:
        whole = left == charge["amount"]
        raise Refusal(
            f"Refund amount ({euros(amount)}) is greater than "
            f"{'charge amount' if whole else 'unrefunded amount on charge'} "
            f"({euros(left)})",
            param="amount",
        )
    return amount
