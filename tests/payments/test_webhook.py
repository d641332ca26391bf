"""Stripe's webhooks: signed or refused, stored once, acted on by looking and never by believing."""

import json

import pytest
import stripe
from django.conf import settings
from django.test import Client

from outbox.models import Message
from payments.models import StripeEvent

pytestmark = pytest.mark.django_db


def an_event(event_id: str = "evt_1", reference: str = "ABCDEFGHJK", **extra: object) -> bytes:
    subject = {"id": "cs_test_1", "object": "checkout.session", "client_reference_id": reference}
    event = {"id": event_id, "object": "event", "type": "checkout.session.completed", "livemode": False}
    return json.dumps({**event, **extra, "data": {"object": subject}}).encode()


def deliver(payload: bytes, *, signed_with: str | None = None):
    secret = signed_with or settings.STRIPE_WEBHOOK_SECRET
    signature = stripe.WebhookSignature.generate_signature_header(payload.decode(), secret)
    return Client().post(
        "/stripe/eventi/", payload, content_type="application/json", headers={"stripe-signature": signature}
    )


def test_a_signed_event_is_kept_with_a_hint_to_go_and_look():
    assert deliver(an_event()).status_code == 200

    assert StripeEvent.objects.get().reference == "ABCDEFGHJK"
    assert Message.objects.get().payload == {"purchase_code": "ABCDEFGHJK"}


def test_the_same_event_twice_is_kept_once():
    deliver(an_event())
    assert deliver(an_event()).status_code == 200

    assert (StripeEvent.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize("signed_with", ["whsec_somebody_else", "whsec_"])
def test_a_forged_event_is_refused_and_leaves_no_trace(signed_with):
    assert deliver(an_event(), signed_with=signed_with).status_code == 400

    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize("payload", [b"", b"{}", b"no json", b"[]", b'{"id": 1}'])
def test_what_is_no_event_is_refused(payload):
    assert deliver(payload).status_code == 400


def test_a_live_event_is_refused_by_a_shop_that_takes_test_payments(settings):
    settings.PAYMENTS_ARE_A_SANDBOX = True

    assert deliver(an_event(livemode=True)).status_code == 400


def test_an_event_about_no_purchase_of_ours_is_kept_and_changes_nothing():
    assert deliver(an_event(reference="")).status_code == 200

    assert StripeEvent.objects.get().reference == ""
    assert not Message.objects.exists()
