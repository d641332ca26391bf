"""A WSGI application that says in a header how many queries each answer took: for either shop, never timed.

``DJANGO_SETTINGS_MODULE`` names the shop. The database's own check of a kept connection is not a query of the page.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

from benchmarks.clients import QUERIES_HEADER

shop = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the shop does, with the number of queries in a header."""
    count = 0

    def counting(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (QUERIES_HEADER, str(count))], *rest)

    with connection.execute_wrapper(counting):
        return shop(environ, start)
