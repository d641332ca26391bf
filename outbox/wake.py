"""Wake a dead letter: once its cause is mended, it is tried again from the first attempt."""

from datetime import datetime

from outbox.models import Message


def wake_message(message_id: int, *, now: datetime) -> bool:
    """Have a dead message tried again; return whether it was dead. The sweep finds it.

    Who wakes it, the caller records: the audit is a stranger on our floor.
    """
    dead = Message.objects.dead().filter(pk=message_id)
    return bool(dead.update(dead_at=None, attempts=0, due_at=now))
