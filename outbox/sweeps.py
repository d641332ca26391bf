"""What the outbox itself leaves half done."""

from datetime import datetime

from django.db.models import QuerySet

from outbox.dispatch import dispatch_message
from outbox.forget import forget_message, messages_to_forget
from outbox.models import Message
from outbox.sweeping import Sweep


def due_messages(now: datetime) -> QuerySet[Message, str]:
    """Return the keys of what the broker lost or a crash left behind, longest due first."""
    return Message.objects.due(now).order_by("due_at", "pk").values_list("key", flat=True)


# Several may sweep at once: the claim shares the messages out.
LOST_MESSAGES = Sweep(
    name="lost messages",
    every=30,
    find=due_messages,
    finish=lambda key, now: dispatch_message(key=key, now=now),
    most=500,
    is_shared=True,
)

OLD_MESSAGES = Sweep(
    name="messages to forget", every=3600, find=messages_to_forget, finish=forget_message, most=10_000
)
