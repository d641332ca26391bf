"""Forget what dispatched messages said: personal data expires, the fact that they were sent stays."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from outbox.models import Message

KEPT_FOR = timedelta(days=30)


def messages_to_forget(now: datetime) -> QuerySet[Message, int]:
    """Return the ids of messages dispatched long enough ago, oldest first. Dead letters wait for a person."""
    old = Message.objects.filter(dispatched_at__lte=now - KEPT_FOR, forgotten_at=None)
    return old.order_by("dispatched_at", "pk").values_list("pk", flat=True)


def forget_message(message_id: int, now: datetime) -> None:
    """Empty the payload of a dispatched message; key, topic and moments stay."""
    dispatched = Message.objects.dispatched().filter(pk=message_id, forgotten_at=None)
    dispatched.update(payload={}, last_error="", forgotten_at=now)
