from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.verify import Head, verify_audit


def noted(words: str) -> Head:
    try:
        return Head.noted(words)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "Recompute the audit chain; fail with the first wrong row in words. Note the head it prints elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--noted",
            type=noted,
            metavar="NUMBER:DIGEST",
            help="A head noted earlier, which must still be in the chain.",
        )

    def handle(self, *args: Any, noted: Head | None = None, **options: Any) -> None:
        findings = verify_audit(timezone.now(), noted=noted)
        for warning in findings.warnings:
            self.stderr.write(f"Warning: {warning}.")
        if findings.faults:
            raise CommandError("\n".join(findings.faults))
        self.stdout.write(f"The audit chain holds: {findings.seals} seals.")
        if findings.head:
            self.stdout.write(f"Its head, to note down outside: {findings.head}")
