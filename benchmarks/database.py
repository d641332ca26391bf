"""A migrated database that lives as long as the benchmarks run."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

NAME = "bench"


@contextmanager
def fresh() -> Iterator[None]:
    """Make the database, migrate it, and drop it at the end."""
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    _administer("CREATE DATABASE {}")
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        connections.close_all()
        _administer("DROP DATABASE {} WITH (FORCE)")


def url(name: str = NAME) -> str:
    """Return the address of the benchmarks' database, or of another on the same server, for bare clients."""
    return f"{settings.DATABASE_URL.rsplit('/', 1)[0]}/{name}"


def server_url() -> str:
    """Return the address from which databases are made and dropped."""
    return url("postgres")


def _administer(statement: str) -> None:
    with psycopg.connect(server_url(), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(NAME)))
