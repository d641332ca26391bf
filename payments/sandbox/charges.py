"""Charges: one per attempt that reached the bank."""

from payments.sandbox.balance import book_charge
from payments.sandbox.events import record_event
from payments.sandbox.ids import new_id
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

# Stripe books most charges a moment after they succeed, and says so by charge.updated.
BOOKED_AFTER = 1
_HELD_FOR = 7 * 24 * 3600


def build_charge(
    tx: Transaction,
    intent: Json,
    method: Json,
    *,
    held: bool,
    authenticated: bool,
    declined: Json | None = None,
) -> Json:
    """Return the charge for an attempt; ``declined`` is the error if it failed."""
    failed = declined is not None
    amount = intent["amount"]
    captured = not held and not failed
    return {
        "id": new_id("ch_3"),
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if captured else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": captured,
        "created": tx.now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": declined["code"] if declined else None,
        "failure_message": declined["message"] if declined else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": _outcome(declined),
        "paid": not failed,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {
            "card": _card_details(tx, method["card"], amount, held=held, authenticated=authenticated),
            "type": "card",
        },
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "failed" if failed else "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }


def settle_charge(tx: Transaction, charge: Json) -> None:
    """Book a captured charge to the balance, and tell so."""
    private = tx.private(charge["id"])
    booked = book_charge(tx, charge, at_once=private.get("available_at_once", False))
    charge["balance_transaction"] = booked["id"]
    tx.save(charge)
    record_event(tx, "charge.updated", charge, previous={"balance_transaction": None})


def release_charge(tx: Transaction, charge: Json) -> None:
    """Give an authorisation back; Stripe shows it as refunded, without a refund."""
    charge |= {"amount_refunded": charge["amount"], "refunded": True}
    tx.save(charge)
    record_event(
        tx,
        "charge.refunded",
        charge,
        previous={"amount_refunded": 0, "refunded": False},
    )


def _outcome(declined: Json | None) -> Json:
    if declined is None:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 20,
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network",
        "reason": declined["decline_code"],
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _card_details(tx: Transaction, card: Json, amount: int, *, held: bool, authenticated: bool) -> Json:
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint")
    details: Json = {name: card[name] for name in kept}
    details |= {
        "amount_authorized": amount,
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "funding": card["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": _three_d_secure() if authenticated else None,
        "wallet": None,
    }
    if held:
        details["capture_before"] = tx.now + _HELD_FOR
    return details


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("sandbox"),
        "version": "2.2.0",
    }
