from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.models import Entry
from ledger.verify import faults


class Command(BaseCommand):
    help = "Recompute every balance, hold and checkpoint from the entries; fail with what is wrong in words."

    def handle(self, *args: Any, **options: Any) -> None:
        if found := faults():
            raise CommandError("\n".join(found))
        self.stdout.write(f"The books balance: {Entry.objects.count()} entries.")
