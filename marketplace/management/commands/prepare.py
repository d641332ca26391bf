"""``prepare``: bring database and files up to the code. May be run again at any time."""

import logging
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from pgmq.install import get_embedded_install_sql, install_pgmq_sql

# Ask and install under one lock: two machines may be prepared at once.
INSTALL_LOCK = 20_260_301
MESSAGES = "locale/**/LC_MESSAGES/django.po"


class Command(BaseCommand):
    help = (
        "Migrate, make cache table and task queue, compile translations, collect static files, seed the demo."
    )
    requires_system_checks = ()
    steps = ("migrations", "cache", "queue", "translations", "static", "demo")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the caller choose steps."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--only", action="append", choices=self.steps, help="this step and no other")
        choice.add_argument(
            "--skip", action="append", choices=self.steps, default=[], help="all but this step"
        )

    def handle(self, *, only: list[str] | None, skip: list[str], verbosity: int, **_: Any) -> None:
        """Take the chosen steps in their order, and tell what each did and how long it took."""
        for step in only or self.steps:
            if step in skip:
                continue
            began = time.monotonic()
            done = getattr(self, step)()
            if done and verbosity:
                self.stdout.write(f"          {done} ({time.monotonic() - began:.1f} s)")
                self.stdout.flush()

    def migrations(self) -> str:
        """Bring the tables up to the code."""
        call_command("migrate", interactive=False, verbosity=0)
        return "tables migrated"

    def cache(self) -> str:
        """Make the table that the database cache lives in; other caches need none."""
        call_command("createcachetable", verbosity=0)
        return ""

    def queue(self) -> str:
        """Install pgmq's tables and functions, if tasks wait in PostgreSQL and they are not there yet."""
        broker = settings.CELERY_BROKER_URL
        if not broker.startswith("pgmq"):
            return ""
        logging.getLogger("pgmq").setLevel(logging.WARNING)  # we say it ourselves
        with psycopg.connect("postgresql:" + broker.split(":", 1)[1]) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALL_LOCK])
            if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'pgmq'").fetchone():
                return ""
            install_pgmq_sql(get_embedded_install_sql(), conn=connection)
        return "task queue installed"

    def translations(self) -> str:
        """Compile the translations that changed."""
        compiled = [compile_translation(source) for source in sorted(settings.ROOT.glob(MESSAGES))]
        return f"{sum(compiled)} translations compiled" if any(compiled) else ""

    def static(self) -> str:
        """Collect styles, scripts and pictures where the web server reads them."""
        call_command("collectstatic", interactive=False, verbosity=0)
        return "static files collected"

    def demo(self) -> str:
        """Fill a development database with the demo district; a real one is never touched."""
        if settings.ENVIRONMENT != "development":
            return ""
        call_command("seed_district", demo=True, verbosity=0)
        return f"demo district seeded, log-ins in {settings.DATA_DIR / 'demo-logins.txt'}"


def compile_translation(source: Path) -> bool:
    """Write the ``.mo`` beside the ``.po``, whole or not at all, unless it is as new; tell whether it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    draft = target.with_suffix(f".{os.getpid()}.draft")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)
    return True
