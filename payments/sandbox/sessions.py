"""Open Checkout Sessions, and let them expire."""

from urllib.parse import urlsplit

from payments.sandbox.euros import euros
from payments.sandbox.events import record_event
from payments.sandbox.ids import new_id
from payments.sandbox.line_items import build_line_items
from payments.sandbox.refusals import Refusal, missing_param
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_SHORTEST, _LONGEST = 30 * 60, 24 * 3600
_SMALLEST_CHARGE, _LARGEST_CHARGE = 50, 99_999_999


def create_session(tx: Transaction, params: Json, *, public_url: str) -> Json:
    """Open a session for one payment on the hosted page.

    :raises Refusal: a parameter is missing, contradicts another or is out of range.
    """
    _refuse_other_modes(params)
    expires_at = _expiry(tx, params)
    line_items = build_line_items(tx, params)
    amount = sum(item["amount_total"] for item in line_items)
    _refuse_amount(amount)
    session = _build(tx, params, amount=amount, expires_at=expires_at)
    session["url"] = f"{public_url}/pay/{session['id']}"
    intent_data = params.get("payment_intent_data", {})
    tx.add(
        session,
        {
            "line_items": line_items,
            "payment_intent_data": intent_data,
            "held": _is_held(params),
        },
    )
    tx.plan("expire", session["id"], at=expires_at)
    return session


def expire_session(tx: Transaction, session: Json) -> Json:
    """Close an open session; its intent, if a payment was tried, is canceled.

    :raises Refusal: the session is complete or already expired.
    """
    if session["status"] != "open":
        raise Refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of `{session['status']}`.",
        )
    session |= {"status": "expired", "url": None}
    tx.save(session)
    record_event(tx, "checkout.session.expired", session)
    if session["payment_intent"] is not None:
        intent = tx.get("payment_intent", session["payment_intent"])
        assert intent is not None, "a session's intent is never deleted"
        intent |= {
            "status": "canceled",
            "canceled_at": tx.now,
            "cancellation_reason": "expired",
            "next_action": None,
        }
        tx.save(intent)
        record_event(tx, "payment_intent.canceled", intent)
    return session


def _refuse_other_modes(params: Json) -> None:
    if "mode" not in params:
        raise missing_param("mode")
    if params["mode"] != "payment":
        raise _not_imitated("mode", params["mode"])
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise _not_imitated("ui_mode", params["ui_mode"])
    if params.get("adaptive_pricing", {}).get("enabled"):
        raise _not_imitated("adaptive_pricing[enabled]", "true")
    allowed = params.get("allowed_payment_method_types", ["card"])
    if "card" not in allowed:
        raise _not_imitated("allowed_payment_method_types", ", ".join(allowed))
    for name in ("success_url", "line_items"):
        if not params.get(name):
            raise missing_param(name)
    for name in ("success_url", "cancel_url"):
        if name in params:
            _refuse_odd_url(params[name], name)


def _refuse_odd_url(url: str, name: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refusal("Not a valid URL", code="url_invalid", param=name)


def _expiry(tx: Transaction, params: Json) -> int:
    expires_at: int = params.get("expires_at", tx.now + _LONGEST)
    if expires_at < tx.now + _SHORTEST:
        raise Refusal(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if expires_at > tx.now + _LONGEST:
        raise Refusal(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return expires_at


def _refuse_amount(amount: int) -> None:
    if amount < _SMALLEST_CHARGE:
        raise Refusal(
            "The Checkout Session's total amount must convert to at least 50 cents. "
            f"{euros(amount)} is less.",
            code="amount_too_small",
        )
    if amount > _LARGEST_CHARGE:
        raise Refusal(
            f"The Checkout Session's total amount due must be no more than {euros(_LARGEST_CHARGE)}",
            code="amount_too_large",
        )


def _not_imitated(name: str, value: str) -> Refusal:
    return Refusal(
        f"Stripe knows {name}={value}, but this sandbox does not imitate it.",
        code="sandbox_not_imitated",
        param=name,
    )


def _is_held(params: Json) -> bool:
    """Tell whether paying only authorises, so that a capture must follow."""
    card = params.get("payment_method_options", {}).get("card", {})
    data = params.get("payment_intent_data", {})
    return "manual" in (card.get("capture_method"), data.get("capture_method"))


def _build(tx: Transaction, params: Json, *, amount: int, expires_at: int) -> Json:
    display_name = params.get("branding_settings", {}).get("display_name")
    custom_text = params.get("custom_text", {})
    return {
        "id": new_id("cs_test_a1"),
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "billing_address_collection": None,
        "branding_settings": {
            "background_color": "#ffffff",
            "border_style": "rounded",
            "button_color": "#0066cc",
            "display_name": display_name or "Sandbox",
            "font_family": "default",
            "icon": None,
            "logo": None,
        },
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": tx.now,
        "currency": "eur",
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": custom_text.get("submit") or None,
            "terms_of_service_acceptance": None,
        },
        "customer": None,
        "customer_account": None,
        "customer_creation": "if_required",
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": expires_at,
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "origin_context": None,
        # Stripe makes the intent when somebody first tries to pay.
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": params.get("payment_method_options", {}),
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "presentment_details": None,
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {
            "amount_discount": 0,
            "amount_shipping": 0,
            "amount_tax": 0,
        },
        "ui_mode": "hosted_page",
        "url": None,
        "wallet_options": None,
    }
