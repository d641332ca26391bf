"""Record what happened, in the same commit as the change itself."""

from stripe._api_version import _ApiVersion

from payments.sandbox.ids import new_id
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

API_VERSION: str = _ApiVersion.CURRENT

# What a webhook endpoint would be subscribed to. The others only appear in the list.
DELIVERED = frozenset(
    {
        "charge.refunded",
        "charge.succeeded",
        "charge.updated",
        "checkout.session.completed",
        "checkout.session.expired",
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.succeeded",
        "refund.created",
        "refund.updated",
    }
)


def record_event(tx: Transaction, type: str, subject: Json, *, previous: Json | None = None) -> None:
    """Add an event about ``subject`` as it stands now, and queue its delivery.

    ``previous`` holds the former values of the fields that changed.
    """
    data: Json = {"object": subject}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Json = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "created": tx.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": tx.request,
        "type": type,
    }
    tx.add(event)
    if type in DELIVERED:
        tx.plan_deliveries(event["id"])
        tx.recorded.append(event["id"])


def present_event(tx: Transaction, event: Json) -> Json:
    """Return the event with the number of deliveries still owed."""
    return event | {"pending_webhooks": tx.pending_deliveries(event["id"])}
