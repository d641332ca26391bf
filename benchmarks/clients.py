"""Visitors without cookies, each asking for the next page as soon as the last one has come: a closed loop."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

CHUNK = 1 << 18
QUERIES_HEADER = "X-Queries"


class WrongAnswer(Exception):
    """A page that is not what was asked for: nothing like it is ever timed."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """Return the header's value, empty if there is none."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower().encode():
                return value.strip().decode()
        return ""


@dataclass(frozen=True)
class Page:
    """An address with what must stand in its answer."""

    path: str
    proof: bytes

    def check(self, answer: Answer) -> None:
        """Make sure that this is the page's answer.

        :raises WrongAnswer: it is not.
        """
        if answer.status != HTTPStatus.OK or self.proof not in answer.body:
            raise WrongAnswer(f"{self.path}: {answer.status}, without {self.proof.decode()}")


@dataclass
class Load:
    """What a load came to; times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    sent: int = 0

    def add(self, other: "Load") -> None:
        """Add another load of the same pages."""
        self.seconds += other.seconds
        self.times += other.times
        self.sent += other.sent

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the time, in milliseconds, that so many per cent of the answers did not exceed."""
        ranked = sorted(self.times)
        return ranked[max(0, -(-len(ranked) * percent // 100) - 1)] * 1000


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int, *, timeout: float = 120.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> Answer:
        """Return the answer to a GET, read whole."""
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Language: it\r\n\r\n".encode()
        )
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._receive()
        head, body = got[:end], got[end + 4 :]
        answer = Answer(int(head[9:12]), head, b"")
        missing = int(answer.header("content-length")) - len(body)
        parts = [body]
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return Answer(answer.status, head, b"".join(parts))

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _receive(self) -> bytes:
        if not (got := self._socket.recv(CHUNK)):
            raise ConnectionError("the server hung up")
        return got


def load(port: int, pages: Sequence[Page], *, connections: int, seconds: float) -> Load:
    """Ask for the pages in rotation over so many connections for so long.

    :raises WrongAnswer: one of them was not the page it should be.
    """
    loads = [Load() for _ in range(connections)]
    wrong: list[Exception] = []
    start = time.perf_counter()
    visitors = [
        threading.Thread(target=_visit, args=(port, pages, number * 7, start + seconds, mine, wrong))
        for number, mine in enumerate(loads)
    ]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    if wrong:
        raise wrong[0]
    whole = Load()
    for mine in loads:
        whole.add(mine)
    whole.seconds = time.perf_counter() - start
    return whole


def _visit(
    port: int, pages: Sequence[Page], first: int, until: float, mine: Load, wrong: list[Exception]
) -> None:
    try:
        client = Client(port)
        turn = first
        while (begin := time.perf_counter()) < until:
            page = pages[turn % len(pages)]
            answer = client.get(page.path)
            mine.times.append(time.perf_counter() - begin)
            mine.sent += len(answer.body)
            page.check(answer)
            turn += 1
        client.close()
    except Exception as error:  # noqa: BLE001  told where the visitors are joined
        wrong.append(error)
