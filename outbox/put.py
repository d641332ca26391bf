"""Put something into the outbox, in the transaction that makes it true."""

import json
import logging
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from outbox.models import Message

MOST_BYTES = 256 * 1024

log = logging.getLogger(__name__)


class MessageKeyReused(RuntimeError):
    """A message's key came again with another topic or payload: a bug."""


class PayloadTooLarge(RuntimeError):
    """A payload says what happened and where to look; it does not carry files: a bug."""


def put(topic: str, *, key: str, payload: dict[str, object], now: datetime) -> bool:
    """Have the handler of ``topic`` called with ``payload`` after commit; return whether the message is new.

    The same message under the same ``key`` counts once, also while a rival's transaction is still open: then we
    wait for it. A message whose payload has been forgotten can no longer be compared, and counts once whatever
    comes.

    :raises MessageKeyReused: ``key`` already stands for something else.
    :raises PayloadTooLarge: the payload has more than ``MOST_BYTES``.
    """
    words = json.dumps(payload, allow_nan=False)
    if len(words) > MOST_BYTES:
        raise PayloadTooLarge(f"{topic} {key}: {len(words)} bytes")
    if not _insert(topic, key, words, now):
        earlier = Message.objects.get(key=key)
        same = earlier.topic == topic and (earlier.forgotten_at or earlier.payload == json.loads(words))
        if not same:
            raise MessageKeyReused(key)
        return False
    transaction.on_commit(partial(_nudge, key))
    return True


def _insert(topic: str, key: str, words: str, now: datetime) -> bool:
    """Insert the message, waiting for a rival with the same key; return whether we won."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_message (topic, key, payload, created_at, due_at, attempts, last_error)"
            " VALUES (%s, %s, %s::jsonb, %s, %s, 0, '') ON CONFLICT (key) DO NOTHING",
            [topic, key, words, now, now],
        )
        return bool(cursor.rowcount)


def _nudge(key: str) -> None:
    """Tell a worker now. What the broker does not take, the sweep finds within half a minute.

    Caught here and not by ``on_commit(robust=True)``: Django 5.2 stumbles there over a ``partial``, which has no
    ``__qualname__``, and the trouble would reach a request whose work has committed.
    """
    from outbox.tasks import dispatch  # noqa: PLC0415  the tasks import the handlers, which import us

    try:
        # One try: nobody should wait for a broker that is away.
        dispatch.apply_async(kwargs={"key": key}, retry=False)
    except Exception:
        log.exception("the broker did not take message %s; the sweep will", key)
