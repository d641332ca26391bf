"""The least a WSGI application can do: it shows what server and client can reach at best."""

from collections.abc import Callable, Iterable
from typing import Any

ANSWER = b"here" * 2000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer every request with the same eight kilobytes."""
    start_response("200 OK", [("Content-Length", str(len(ANSWER)))])
    return [ANSWER]
