"""Dispatch one message: claim it, call its handler outside any transaction, note how it went.

A handler that dies with its process is called again once the claim has run out; one that raises is called
again with growing patience, and after ``MOST_ATTEMPTS`` the message is dead and waits for a person.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F

from outbox.handlers import handle
from outbox.models import Message

CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 12

log = logging.getLogger(__name__)


def dispatch_message(*, key: str, now: datetime) -> bool:
    """Call the handler of the message, if it is due and nobody is at it; return whether it went through."""
    claimed = Message.objects.due(now).filter(key=key)
    if not claimed.update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return False

    message = Message.objects.get(key=key)
    try:
        handle(message.topic, message.payload)
    except Exception as error:
        log.exception("message %s failed at attempt %s", message, message.attempts)
        _put_back(message, error, now)
        return False
    Message.objects.filter(pk=message.pk).update(dispatched_at=now, claimed_until=None, last_error="")
    return True


def _put_back(message: Message, error: Exception, now: datetime) -> None:
    patience = timedelta(seconds=min(2**message.attempts, 3600))
    Message.objects.filter(pk=message.pk).update(
        claimed_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
        due_at=now + patience,
        dead_at=now if message.attempts >= MOST_ATTEMPTS else None,
    )
