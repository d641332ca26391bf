"""Ask for a card payment: write down what will be asked of Stripe, before anything is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from payments.models import Call, Payment

# Stripe lets a page live for 30 minutes at the least; the rest is room for asking again.
PAGE_LIVES_FOR = timedelta(minutes=35)
CREATE_SESSION = "create_session"


@dataclass(frozen=True)
class Asked:
    """What a payment is for: a number for the statement, never a service, and where the family returns to."""

    purchase_code: str
    district_id: int
    cents: int
    label: str
    return_url: str
    language: str
    email: str


def ask_payment(asked: Asked, *, now: datetime) -> Payment:
    """Create the payment and freeze its first call, inside the caller's transaction."""
    payment = Payment.objects.create(
        district_id=asked.district_id,
        purchase_code=asked.purchase_code,
        amount_cents=asked.cents,
        pay_by=now + PAGE_LIVES_FOR,
    )
    _freeze_call(payment, _session_params(asked, payment), now)
    return payment


def next_attempt(refused: Call, *, now: datetime) -> Call:
    """Freeze the call after one that Stripe definitely refused; the caller holds the payment's lock."""
    payment = refused.payment
    payment.pay_by = now + PAGE_LIVES_FOR
    payment.save(update_fields=["pay_by"])
    params = {**refused.params, "expires_at": int(payment.pay_by.timestamp())}
    return _freeze_call(payment, params, now, attempt=refused.attempt + 1)


def _freeze_call(payment: Payment, params: dict[str, object], now: datetime, attempt: int = 1) -> Call:
    key = (
        f"pit:{settings.ENVIRONMENT}:payment:{payment.purchase_code}-{payment.pk}:{CREATE_SESSION}:{attempt}"
    )
    return Call.objects.create(
        payment=payment, verb=CREATE_SESSION, key=key, attempt=attempt, params=params, created_at=now
    )


def _session_params(asked: Asked, payment: Payment) -> dict[str, object]:
    metadata = {"purchase": asked.purchase_code}
    return {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": asked.purchase_code,
        "allowed_payment_method_types": ["card"],
        "adaptive_pricing": {"enabled": False},
        "customer_email": asked.email,
        "locale": asked.language,
        "expires_at": int(payment.pay_by.timestamp()),
        "success_url": asked.return_url,
        "cancel_url": asked.return_url,
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata, "transfer_group": asked.purchase_code},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": asked.cents,
                    "product_data": {"name": asked.label},
                },
            }
        ],
    }
