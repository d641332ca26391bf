"""Store a webhook and have somebody go and look: nothing else happens while Stripe waits."""

from datetime import datetime
from typing import Any

from django.db import transaction

from outbox.put import put
from payments.models import StripeEvent

TOPIC = "stripe_event"


def store_event(event: dict[str, Any], *, now: datetime) -> None:
    """Keep the event once, and its hint in the outbox. Duplicates are kept once and acted on once."""
    subject = event["data"]["object"]
    reference = subject.get("client_reference_id") or (subject.get("metadata") or {}).get("purchase", "")
    with transaction.atomic():
        StripeEvent.objects.bulk_create(
            [
                StripeEvent(
                    event_id=event["id"],
                    type=event["type"],
                    object_id=subject.get("id", ""),
                    reference=reference[:64],
                    received_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        if reference:
            put(TOPIC, key=f"stripe:{event['id']}", payload={"purchase_code": reference}, now=now)
