"""The sweepers: what finishes half-done work that a crash, a lost message or a silent phone left behind.

A room declares a ``Sweep``: how to find what is half done, and how to finish one of it. ``marketplace.sweepers``
gathers the declarations, and the beat runs them. Each item is finished by itself: one that fails is logged, counted
and met again at the next turn, and stops no other.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from zlib import crc32

from django.db import connection
from django.db.models import QuerySet

from outbox.models import SweepRun
from outbox.without_persons import masked

SWEEPER_LOCK = 7_312

Id = TypeVar("Id", int, str)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sweep(Generic[Id]):
    """What one sweep finds and how it finishes it, every ``every`` seconds.

    ``find`` returns the ids of what is half done, those longest untouched first, so that what fails again and again
    does not stand in the way of the rest. ``finish`` may be called twice for the same id, and finds out for itself
    whether there is still anything to do.

    A run takes at most ``most`` items and begins none after ``seconds``: it must be over before the worker's limit
    kills it, also when each item waits for an answer that does not come. Troubles in ``passing`` are expected to
    pass by themselves and logged without a traceback. ``is_shared`` lets several run at once, where each item has
    a claim of its own.
    """

    name: str
    every: int
    find: Callable[[datetime], Sequence[Id] | QuerySet[Any, Id]]
    finish: Callable[[Id, datetime], object]
    most: int = 200
    seconds: int = 20
    passing: tuple[type[Exception], ...] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class Swept:
    """How many items a run finished, and how many failed."""

    finished: int
    failed: int


_declared: dict[str, Sweep[Any]] = {}


def declare(*sweeps: Sweep[Any]) -> None:
    """Make sweeps known by their names.

    :raises ValueError: two of them have one name.
    """
    for sweep in sweeps:
        if _declared.setdefault(sweep.name, sweep) is not sweep:
            raise ValueError(f"two sweeps are called {sweep.name}")


def declared_sweep(name: str) -> Sweep[Any]:
    """Return the sweep declared under that name.

    :raises KeyError: there is none: a bug.
    """
    return _declared[name]


def run_sweep(sweep: Sweep[Any], *, clock: Callable[[], datetime]) -> Swept | None:
    """Run one sweep and keep how it went; ``None`` if it is being run by somebody else.

    Each item is finished at the clock's time, not at that of the run's start.

    :raises django.db.Error: the database went away: there is nothing to go on with.
    """
    with _alone(sweep) as granted:
        if not granted:
            return None
        SweepRun.objects.update_or_create(
            name=sweep.name, defaults={"started_at": clock(), "ended_at": None, "finished": 0, "failed": 0}
        )
        run = SweepRun.objects.filter(name=sweep.name)
        finished = failed = 0
        out_of_time = time.monotonic() + sweep.seconds
        for item in list(sweep.find(clock())[: sweep.most]):
            if time.monotonic() > out_of_time:
                log.warning("sweep %s: out of time, the rest waits for the next turn", sweep.name)
                break
            try:
                sweep.finish(item, clock())
            except Exception as error:
                failed += 1
                told = log.warning if isinstance(error, sweep.passing) else log.exception
                told("sweep %s: %s failed (%s), will be met again", sweep.name, item, masked(str(error)))
                if not connection.is_usable():
                    raise
                words = masked(f"{item}: {type(error).__name__}: {error}")[:2000]
                run.update(last_error=words, last_error_at=clock())
            else:
                finished += 1
        run.update(ended_at=clock(), finished=finished, failed=failed)
    return Swept(finished, failed)


@contextmanager
def _alone(sweep: Sweep[Any]) -> Iterator[bool]:
    """Let nobody else run this sweep until the block ends; yield whether that is granted.

    The lock belongs to the database session: no transaction is open while items speak to the network, and it goes
    when its process dies. It needs a session of our own, so no pooler that changes it between transactions.
    """
    if sweep.is_shared:
        yield True
        return
    lock = [SWEEPER_LOCK, crc32(sweep.name.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        granted = bool(cursor.fetchone()[0])
    try:
        yield granted
    finally:
        if granted and connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
