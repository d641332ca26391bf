"""Messages in every standing, and handlers to meet them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

from outbox import handlers
from outbox.models import Message
from tests.builders import NOW


def a_message(key: str = "a", *, topic: str = "test", due_at: datetime = NOW, **changes: Any) -> Message:
    """A message as if its transaction had committed and the broker had lost it."""
    return Message.objects.create(
        key=key, topic=topic, created_at=NOW, due_at=due_at, **{"payload": {"number": 1}, **changes}
    )


def noting(seen: list[int]) -> Callable[..., None]:
    """Return a handler that notes the number it was called with."""

    def note(number: int) -> None:
        seen.append(number)

    return note


@contextmanager
def handled_by(handler: Callable[..., None], *, shown: tuple[str, ...] = ()) -> Iterator[None]:
    """Have messages of topic ``test`` handled like this until the block ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "_handlers", {**handlers._handlers})
        patch.setattr(handlers, "_shown", {**handlers._shown})
        handlers.handles("test", handler, shown=shown)
        yield
