"""Serve the sandbox from threads of one process, and stop without cutting anyone off.

The standard library's server is enough here, and it lets a fault close a connection in
the middle, which servers made for production do not.
"""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from payments.sandbox.connections import CONNECTION

_DRAIN_SECONDS = 5.0
_IDLE_SECONDS = 30


class _Handler(WSGIRequestHandler):
    timeout = _IDLE_SECONDS

    def get_environ(self) -> dict[str, Any]:
        return super().get_environ() | {CONNECTION: self.connection}

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: every call of the shop would be a line."""

    def parse_request(self) -> bool:
        # Only now is there something to answer: browsers open connections in advance.
        self._served.add(self)
        return super().parse_request()

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the caller is gone
            super().handle()
        self._served.discard(self)

    @property
    def _served(self) -> set[WSGIRequestHandler]:
        assert isinstance(self.server, _Server)
        return self.server.being_served


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int]) -> None:
        self.being_served: set[WSGIRequestHandler] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look up the host's name, which can hang without DNS.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = (
            str(self.server_address[0]),
            int(self.server_address[1]),
        )
        self.setup_environ()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


def serve_until_stopped(
    application: Callable[..., Iterable[bytes]],
    *,
    host: str,
    port: int,
    announce: Callable[[int], None],
    on_stop: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then let answers under way finish.

    ``announce`` gets the port once it listens; ``on_stop`` runs as soon as a signal
    came, before waiting for answers under way.
    """
    server = _Server((host, port))
    server.set_app(application)

    def stop(signum: int, frame: object) -> None:
        threading.Thread(target=server.shutdown).start()

    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, stop)
    announce(server.server_port)
    server.serve_forever(poll_interval=0.1)
    server.socket.close()
    on_stop()
    deadline = time.monotonic() + _DRAIN_SECONDS
    while server.being_served and time.monotonic() < deadline:
        time.sleep(0.02)
