"""Hold threads up in the middle of their transaction, until the test lets them go or kills them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def nobody_writes(table: str) -> Iterator[None]:
    """Let everybody read the table and nobody write to it until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield


def wait_for_waiting(number: int) -> list[int]:
    """Return the backends that wait for a table's lock, as soon as there are that many."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            waiting = [pid for (pid,) in cursor.fetchall()]
        if len(waiting) == number:
            return waiting
        time.sleep(0.01)
    raise TimeoutError(f"{len(waiting)} wait, not {number}")


def kill(pid: int) -> None:
    """End a backend as a crash would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


@contextmanager
def behind_our_back() -> Iterator[None]:
    """Do as the owner of the database could: no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")
