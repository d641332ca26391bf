from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.verify import verify_audit
from ledger.models import Entry
from ledger.verify import faults


class Command(BaseCommand):
    help = "Recompute balances, holds, checkpoints and the audit chain from nothing; fail with what is wrong in words."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*faults(), *verify_audit(timezone.now()).faults]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"The books balance: {Entry.objects.count()} entries.")
