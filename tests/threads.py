"""Real threads on real connections, and the negative control that takes the locks out."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet


def at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """Call ``act(0) … act(times - 1)`` at the same moment; return each result, or the exception it raised."""
    barrier = Barrier(times)

    def run(number: int) -> Any:
        try:
            barrier.wait(timeout=30)
            return act(number)
        except Exception as error:  # noqa: BLE001  the test looks at what each thread met
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def at_once_held_up(
    times: int, act: Callable[[int], Any], *, until: AbstractContextManager[None]
) -> list[Any]:
    """As ``at_once``, and nobody gets past ``until`` before all stand still: there, or at a lock of ours.

    A race then needs no luck: where the locks are out, all have judged by then and none has written.
    """
    with ThreadPoolExecutor(1) as pool:
        with until:
            racers = pool.submit(at_once, times, act)
            _wait_until_blocked(times)
        return racers.result()


def _wait_until_blocked(times: int) -> None:
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                # Who waits for a row waits for a transaction, which is of no database: ask by what else it holds.
                "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"
                " WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
            )
            blocked = cursor.fetchone()[0]
        if blocked == times:
            return
        time.sleep(0.01)
    raise TimeoutError(f"{blocked} stand still, not {times}")


@contextmanager
def without_locks() -> Iterator[None]:
    """Make Django's ``select_for_update`` do nothing: a race test must fail in here, or it tests nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
        yield
