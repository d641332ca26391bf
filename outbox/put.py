"""Put something into the outbox, in the transaction that makes it true."""

from datetime import datetime
from functools import partial

from django.db import transaction

from outbox.models import Message


def put(topic: str, *, key: str, payload: dict[str, object], now: datetime) -> None:
    """Have the handler of ``topic`` called with ``payload`` after commit; the same ``key`` counts once."""
    Message.objects.bulk_create(
        [Message(key=key, topic=topic, payload=payload, created_at=now, due_at=now)], ignore_conflicts=True
    )
    transaction.on_commit(partial(_nudge, key), robust=True)


def _nudge(key: str) -> None:
    from outbox.tasks import dispatch  # noqa: PLC0415  the tasks import the handlers, which import us

    dispatch.delay(key=key)
