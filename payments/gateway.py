"""Stripe's API through the official library: the only module of the shop that speaks to it.

No function here may be called inside a database transaction.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, cast

import stripe
from django.conf import settings

SECONDS_TO_ANSWER = 8
# The library asks again, under the same key, after a broken line, a 5xx or a rival with the same key (409).
MOST_RETRIES = 2


class GatewayUnclear(Exception):
    """Stripe gave no answer we can trust: it may or may not have done what was asked. Ask again, same key."""


class GatewayBusy(GatewayUnclear):
    """Stripe is at this very call already, for somebody who asked a moment earlier: their answer is ours."""


class GatewayRefused(Exception):
    """Stripe refused: it has done nothing, and will not."""


@dataclass(frozen=True)
class SessionFacts:
    """What Stripe says, at this moment, of a hosted payment page and the money behind it. Amounts in cents."""

    session_id: str
    status: str
    payment_status: str
    url: str
    intent_id: str = ""
    charge_id: str = ""
    received: int = 0
    fee: int | None = None

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status == "paid"


EXPAND = ["payment_intent.latest_charge.balance_transaction"]


def create_session(params: dict[str, Any], key: str) -> SessionFacts:
    """Create a hosted payment page.

    :raises GatewayUnclear: ask again with the same key.
    :raises GatewayRefused: nothing was made.
    """
    return _facts(
        _ask(lambda: _client().v1.checkout.sessions.create(cast("Any", params), {"idempotency_key": key}))
    )


def retrieve_session(session_id: str) -> SessionFacts:
    """Look a payment page up, with the money behind it.

    :raises GatewayUnclear: no answer.
    :raises GatewayRefused: Stripe does not know it.
    """
    return _facts(_ask(lambda: _client().v1.checkout.sessions.retrieve(session_id, {"expand": EXPAND})))


def expire_session(session_id: str) -> SessionFacts:
    """Close a payment page for good, unless the family has just paid on it; return what is true now.

    :raises GatewayUnclear: no answer.
    :raises GatewayRefused: Stripe does not know it.
    """
    # A refusal means that it is complete or expired already: either way the look-up below tells.
    with suppress(GatewayRefused):
        _ask(lambda: _client().v1.checkout.sessions.expire(session_id))
    return retrieve_session(session_id)


def read_event(payload: bytes, signature: str) -> dict[str, Any]:
    """Return a webhook's event if Stripe signed it.

    :raises ValueError: it is not JSON, or the signature is not Stripe's.
    """
    if not signature.isascii():
        raise ValueError("not signed by Stripe")
    try:
        stripe.WebhookSignature.verify_header(payload, signature, settings.STRIPE_WEBHOOK_SECRET)
    except stripe.SignatureVerificationError as error:
        raise ValueError("not signed by Stripe") from error
    event = json.loads(payload)
    try:
        if isinstance(event["id"], str) and isinstance(event["data"]["object"]["id"], str):
            return cast("dict[str, Any]", event)
    except (KeyError, TypeError):
        pass
    raise ValueError("signed, but not an event")


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@cache
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        max_network_retries=MOST_RETRIES,
        http_client=stripe.RequestsClient(timeout=SECONDS_TO_ANSWER),
    )


def _ask(question: Callable[[], stripe.checkout.Session]) -> stripe.checkout.Session:
    try:
        return question()
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as refusal:
        if refusal.http_status == HTTPStatus.CONFLICT:
            raise GatewayBusy(str(refusal)) from refusal
        raise GatewayRefused(str(refusal)) from refusal
    except stripe.StripeError as silence:
        raise GatewayUnclear(str(silence)) from silence


def _facts(session: stripe.checkout.Session) -> SessionFacts:
    intent = session.payment_intent
    charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
    booked = charge.balance_transaction if isinstance(charge, stripe.Charge) else None
    return SessionFacts(
        session_id=session.id,
        status=session.status or "",
        payment_status=session.payment_status,
        url=session.url or "",
        intent_id=intent.id if isinstance(intent, stripe.PaymentIntent) else intent or "",
        charge_id=charge.id if isinstance(charge, stripe.Charge) else "",
        received=intent.amount_received if isinstance(intent, stripe.PaymentIntent) else 0,
        fee=booked.fee if isinstance(booked, stripe.BalanceTransaction) else None,
    )
