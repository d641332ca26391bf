"""A database for each run, copied from a migrated template; a payments sandbox as a process of its own.

Tests never add rows to tables that the migrations fill. Our own code is never mocked.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests
from django.conf import settings as django_settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django import DjangoDbBlocker, Settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """The web server's folder of styles and pictures exists, as after ``manage.py prepare``."""
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy the template, made anew when a migration changed; empty only dirty tables after a test."""
    with django_db_blocker.unblock():
        own = f"test_{os.getpid()}"
        template = _template()
        _administer("CREATE DATABASE {} TEMPLATE {}", own, template)
        _use(own)
        seeded = _tables_with_rows()

    def empty_dirty_tables(self: TransactionTestCase) -> None:
        if dirty := _tables_with_rows() - seeded:
            names = ", ".join(f'"{name}"' for name in sorted(dirty))
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")

    TransactionTestCase._fixture_teardown = empty_dirty_tables  # type: ignore[attr-defined]
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        _administer("DROP DATABASE {} WITH (FORCE)", own)


def _template() -> str:
    """Return the name of a migrated database, made once for each state of the migrations."""
    migrations = [
        *sorted(ROOT.glob("*/migrations/*.py")),
        ROOT / "requirements.lock",
        ROOT / "kernel/append_only.py",
    ]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()[:16]
    name = f"template_{digest}"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(7313)")
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier("draft")))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("draft")))
        _use("draft")
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        _let_tests_truncate()
        connections.close_all()
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        server.execute(rename.format(sql.Identifier("draft"), sql.Identifier(name)))
    return name


def _let_tests_truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\_no\_truncate'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def _server() -> psycopg.Connection[tuple[object, ...]]:
    url = django_settings.DATABASE_URL.rsplit("/", 1)[0]
    return psycopg.connect(f"{url}/postgres", autocommit=True)


def _administer(statement: str, *names: str) -> None:
    with _server() as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _use(name: str) -> None:
    connections.close_all()
    django_settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _tables_with_rows() -> set[str]:
    asks = (
        f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\")" for t in connection.introspection.table_names()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asks))
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture(autouse=True)
def _quiet_cache() -> None:
    """Guesses, signs of life and kept pages of one test are not those of the next."""
    # The database cache empties with its table.
    caches["pages"].clear()


@pytest.fixture
def sandbox(tmp_path: Path, settings: Settings) -> Iterator[str]:
    """A payments sandbox of the test's own, to which the shop's settings point; yields its address.

    Its webhooks go nowhere unless ``webhooks_to`` says where.
    """
    with sandbox_process(tmp_path, webhooks_to="http://127.0.0.1:9/") as address:
        point_shop_at(address, settings)
        yield address


class sandbox_process:  # noqa: N801  reads as a verb where it is used
    """Run a payments sandbox until the block ends."""

    def __init__(self, folder: Path, *, webhooks_to: str) -> None:
        self.port = free_port()
        self.command = [
            sys.executable, "-m", "payments.sandbox", "--host", "127.0.0.1", "--port", str(self.port),
            "--data-dir", str(folder / "sandbox"), "--webhook-url", webhooks_to,
            "--webhook-secret", django_settings.STRIPE_WEBHOOK_SECRET,
            "--secret-key", django_settings.STRIPE_SECRET_KEY, "--public-url", f"http://127.0.0.1:{self.port}",
        ]  # fmt: skip

    def __enter__(self) -> str:
        self.process = subprocess.Popen(self.command, cwd=ROOT)
        address = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("the payments sandbox did not start")
            try:
                if requests.get(f"{address}/healthz", timeout=1).ok:
                    return address
            except requests.RequestException:
                time.sleep(0.05)
        self.__exit__()
        raise TimeoutError("the payments sandbox does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def point_shop_at(address: str, settings: Settings) -> None:
    settings.STRIPE_API_BASE = address
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, "form-action": ["'self'", address]}}
