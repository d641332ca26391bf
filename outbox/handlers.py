"""Which function handles which topic: filled by ``marketplace.outcomes``, read by ``dispatch``."""

from collections.abc import Callable, Collection
from typing import Any

Handler = Callable[..., None]

_handlers: dict[str, Handler] = {}
_shown: dict[str, frozenset[str]] = {}


class Hopeless(Exception):
    """Raised by a handler that knows that trying again will not help: the message is dead at once."""


def handles(topic: str, handler: Handler, *, shown: Collection[str] = ()) -> None:
    """Have ``handler`` called with each payload of ``topic`` as keyword arguments.

    It may be called twice, even at once: a message is dispatched at least once. ``shown`` names what of the payload
    the administration may show as it is: codes and numbers, nothing personal.
    """
    _handlers[topic] = handler
    _shown[topic] = frozenset(shown)


def handle(topic: str, payload: dict[str, Any]) -> None:
    """Call the handler of ``topic``.

    :raises KeyError: nobody handles that topic: a bug, which the dead letters will show.
    """
    _handlers[topic](**payload)


def shown_of(topic: str) -> frozenset[str]:
    """Return the names of what may be shown of a payload."""
    return _shown.get(topic, frozenset())
