"""``seed_district``: the demo district, and with ``--demo`` its people. May be run again at any time."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from marketplace.demo.logins import write_logins
from marketplace.demo.seed import seed_district


class Command(BaseCommand):
    help = (
        "Add what is missing of the demo district: municipalities, cooperatives, listings, times, companies."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the caller ask for people too."""
        parser.add_argument(
            "--demo", action="store_true", help="with people for every role, who share a public password"
        )

    def handle(self, *, demo: bool, verbosity: int, **_: Any) -> None:
        """Seed, tell what was found and added, and write down who can log in.

        :raises CommandError: people with a public password were asked for in production.
        """
        if demo and settings.PRODUCTION:
            raise CommandError("The demo's password is public: in production nobody gets it.")
        tallies = seed_district(now=timezone.now(), with_people=demo)
        logins = write_logins(settings.DATA_DIR / "demo-logins.txt") if demo else ""
        if verbosity:
            for tally in tallies:
                self.stdout.write(f"{tally.found:>6} {tally.what}, {tally.added} new")
            self.stdout.write(f"\n{logins}" if logins else "")
