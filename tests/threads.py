"""Real threads on real connections, and the negative control that takes the locks out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
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


@contextmanager
def without_locks() -> Iterator[None]:
    """Make Django's ``select_for_update`` do nothing: a race test must fail in here, or it tests nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
        yield
