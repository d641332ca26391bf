"""Dispatch one message: claim it, call its handler outside any transaction, note how it went.

**At least once, in no promised order.** A claim is a lease of ``CLAIM``, longer than the time after which a worker
kills a task (``CELERY_TASK_TIME_LIMIT``): under that limit no handler outlives its claim. Where nothing enforces the
limit, a second dispatcher may come in beside a handler that is still at work. That is why handlers bear being called
twice, even at once; and the number of the attempt fences the slow one off: its failure no longer counts, its success
always does.

One that raises is called again with growing patience, over about a day. After ``MOST_ATTEMPTS`` the message is dead
and waits for a person; so is one whose handler says ``Hopeless``, and one that took its process with it each time.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F

from outbox.handlers import Hopeless, handle
from outbox.models import Message
from outbox.without_persons import masked

CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 15
LONGEST_PATIENCE = timedelta(hours=4)

log = logging.getLogger(__name__)


def dispatch_message(*, key: str, now: datetime) -> bool:
    """Call the handler of the message, if it is due and nobody is at it; return whether it went through."""
    due = Message.objects.due(now).filter(key=key)
    if not due.filter(attempts__lt=MOST_ATTEMPTS).update(
        claimed_until=now + CLAIM, attempts=F("attempts") + 1
    ):
        if due.update(dead_at=now, claimed_until=None, last_error="its process died at every attempt"):
            log.error("message %s is dead: its process died at every attempt", key)
        return False

    message = Message.objects.get(key=key)
    try:
        handle(message.topic, message.payload)
    except Exception as error:
        log.exception("message %s failed at attempt %s", message, message.attempts)
        _put_back(message, error, now)
        return False
    # Whatever a rival thinks by now, it has happened.
    Message.objects.filter(pk=message.pk, dispatched_at=None).update(
        dispatched_at=now, dead_at=None, claimed_until=None, last_error=""
    )
    return True


def patience_after(attempts: int) -> timedelta:
    """Return how long to wait after that many attempts: half a minute, doubling up to ``LONGEST_PATIENCE``."""
    return min(timedelta(seconds=15 << attempts), LONGEST_PATIENCE)


def _put_back(message: Message, error: Exception, now: datetime) -> None:
    is_dead = isinstance(error, Hopeless) or message.attempts >= MOST_ATTEMPTS
    # Only while the claim is still ours: a later attempt speaks for itself.
    still_ours = Message.objects.waiting().filter(pk=message.pk, attempts=message.attempts)
    still_ours.update(
        claimed_until=None,
        last_error=masked(f"{type(error).__name__}: {error}")[:2000],
        due_at=now + patience_after(message.attempts),
        dead_at=now if is_dead else None,
    )
