"""Pay a session with a card, as the hosted page does."""

from dataclasses import dataclass

from payments.sandbox.cards import Behaviour, Card, card_of
from payments.sandbox.charges import BOOKED_AFTER, build_charge
from payments.sandbox.events import record_event
from payments.sandbox.ids import random_text
from payments.sandbox.intents import build_intent, build_payment_method
from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "test_mode_live_card": "Your card was declined. Your request was in test mode, but "
    "used a non test card. For a list of valid test cards, visit: "
    "https://docs.stripe.com/testing.",
}


@dataclass(frozen=True)
class TypedCard:
    """What a person typed into the pay page, already found valid."""

    number: str
    holder: str
    expiry: tuple[int, int]


def try_to_pay(tx: Transaction, session: Json, typed: TypedCard) -> Json:
    """Put a card to an open session and return its intent.

    The intent's status tells the outcome: ``succeeded``, ``requires_capture``,
    ``requires_action`` or, for a declined card, ``requires_payment_method``.
    """
    card = card_of(typed.number)
    intent = _intent_of(tx, session)
    method = build_payment_method(
        tx,
        card,
        holder=typed.holder,
        email=session["customer_email"],
        expiry=typed.expiry,
    )
    tx.add(method, {"at_once": card.available_at_once})
    if card.behaviour is Behaviour.AUTHENTICATES:
        return _ask_to_authenticate(tx, intent, method)
    if card.behaviour is Behaviour.DECLINES:
        return _decline(tx, intent, method, card)
    return _succeed(tx, session, intent, method, authenticated=False)


def finish_authentication(tx: Transaction, session: Json, intent: Json, *, confirmed: bool) -> Json:
    """Return the intent after its payer confirmed or refused at the bank's page."""
    method = tx.get("payment_method", tx.private(intent["id"])["trying"])
    assert method is not None, "an intent that requires action has a card"
    intent["next_action"] = None
    if confirmed:
        return _succeed(tx, session, intent, method, authenticated=True)
    error = {
        "code": "payment_intent_authentication_failure",
        "message": "We are unable to authenticate your payment method. Please choose "
        "a different payment method and try again.",
    }
    return _fail(tx, intent, method, error)


def _intent_of(tx: Transaction, session: Json) -> Json:
    if session["payment_intent"] is not None:
        intent = tx.get("payment_intent", session["payment_intent"])
        assert intent is not None, "a session's intent is never deleted"
        return intent
    intent = build_intent(tx, session)
    tx.add(intent, {"session": session["id"]})
    session["payment_intent"] = intent["id"]
    tx.save(session)
    record_event(tx, "payment_intent.created", intent)
    return intent


def _ask_to_authenticate(tx: Transaction, intent: Json, method: Json) -> Json:
    token = random_text(32)
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect"},
        },
    }
    tx.save(intent)
    tx.save_private(intent["id"], token=token, trying=method["id"])
    record_event(tx, "payment_intent.requires_action", intent)
    return intent


def _decline(tx: Transaction, intent: Json, method: Json, card: Card) -> Json:
    error: Json = {
        "code": "card_declined",
        "decline_code": card.decline_code,
        "message": _DECLINES[card.decline_code],
    }
    charge = build_charge(tx, intent, method, held=False, authenticated=False, declined=error)
    tx.add(charge)
    record_event(tx, "charge.failed", charge)
    intent["latest_charge"] = charge["id"]
    return _fail(tx, intent, method, error | {"charge": charge["id"]})


def _fail(tx: Transaction, intent: Json, method: Json, error: Json) -> Json:
    refusal = Refusal(error.pop("message"), type="card_error", status=402, **error)
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": refusal.error | {"payment_method": method},
    }
    tx.save(intent)
    record_event(tx, "payment_intent.payment_failed", intent)
    return intent


def _succeed(tx: Transaction, session: Json, intent: Json, method: Json, *, authenticated: bool) -> Json:
    held: bool = tx.private(session["id"])["held"]
    charge = build_charge(tx, intent, method, held=held, authenticated=authenticated)
    tx.add(charge, {"available_at_once": tx.private(method["id"])["at_once"]})
    if held:
        lapses_at = charge["payment_method_details"]["card"]["capture_before"]
        tx.plan("lapse", intent["id"], at=lapses_at)
    else:
        tx.plan("settle", charge["id"], at=tx.now + BOOKED_AFTER)
    intent |= {
        "status": "requires_capture" if held else "succeeded",
        "amount_capturable": intent["amount"] if held else 0,
        "amount_received": 0 if held else intent["amount"],
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "payment_method": method["id"],
    }
    tx.save(intent)
    _complete(tx, session, method["billing_details"], paid=not held)
    record_event(tx, "charge.succeeded", charge)
    if held:
        record_event(tx, "payment_intent.amount_capturable_updated", intent)
    else:
        record_event(tx, "payment_intent.succeeded", intent)
    record_event(tx, "checkout.session.completed", session)
    return intent


def _complete(tx: Transaction, session: Json, billing: Json, *, paid: bool) -> None:
    session |= {
        "status": "complete",
        "payment_status": "paid" if paid else "unpaid",
        "url": None,
        "customer_details": {
            "address": billing["address"],
            "business_name": None,
            "email": billing["email"],
            "individual_name": None,
            "name": billing["name"],
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    }
    tx.save(session)
