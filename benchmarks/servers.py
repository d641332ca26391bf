"""Granian with one of the shops behind it, and what the processes of a measurement cost the processor."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection

from benchmarks.clients import Client
from marketplace.embedded import kept, processes
from marketplace.embedded.places import ROOT

READY_SECONDS = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """Return the seconds of processor that the server and its workers have had."""
        return cpu_of(self.pid)


@contextmanager
def serving(
    application: str, *, python: str = sys.executable, workers: int, settings: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """Serve the application at a free port of this machine until the block ends.

    :raises TimeoutError: it does not begin to answer.
    """
    port = kept.any_free_port()
    command = [
        *(python, "-W", "ignore", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(workers), "--blocking-threads", "4", "--no-access-log"),
        application,
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  our own words
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=partial(processes.end_with_parent, os.getpid()),  # noqa: PLW1509  no thread runs yet
        )
    try:
        _wait_for(port, process, log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            client = Client(port)
            client.get("/")
            client.close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"a shop does not open: see {log}")


def cpu_of(pid: int) -> float:
    """Return the seconds of processor of a process, its children and those that have already ended."""
    children: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for process in processes.pids():
        try:
            stat = (processes.PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(stat[1]), []).append(process)
        user, system, ended_user, ended_system = map(int, stat[11:15])
        spent[process] = user + system + ended_user + ended_system
    total, family = 0, [pid]
    while family:
        one = family.pop()
        total += spent.get(one, 0)
        family += children.get(one, [])
    return total / TICKS


def postgres_pid() -> int:
    """Return the process of the PostgreSQL server that our connection's backend is a child of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int((processes.PROC / str(backend) / "stat").read_text().rpartition(")")[2].split()[1])
