"""Which function handles which topic: filled by ``marketplace.outcomes``, read by ``dispatch``."""

from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]

_handlers: dict[str, Handler] = {}


def handles(topic: str, handler: Handler) -> None:
    """Have ``handler`` called with each payload of ``topic`` as keyword arguments; it may be called twice."""
    _handlers[topic] = handler


def handle(topic: str, payload: dict[str, Any]) -> None:
    """Call the handler of ``topic``.

    :raises KeyError: nobody handles that topic: a bug, which the dead letters will show.
    """
    _handlers[topic](**payload)
