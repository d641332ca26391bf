"""Break a connection in the middle, as networks do."""

import contextlib
import socket

from django.http import HttpRequest, HttpResponse

CONNECTION = "sandbox.connection"


def cut_connection(request: HttpRequest) -> HttpResponse:
    """Close the caller's socket; the response returned reaches nobody."""
    connection: socket.socket = request.META[CONNECTION]
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse(status=500)
