"""Take a cooperative's picture away. Its row is closed and stays; the sweep of orphan pictures takes the files."""

from datetime import datetime

from django.db import transaction

from audit.record import PLATFORM, record
from kernel.actor import Actor
from providers.models import Cooperative


def remove_picture(*, cooperative_id: int, by: Actor, now: datetime) -> None:
    """Show the cooperative without a picture. If it has none, nothing happens."""
    with transaction.atomic():
        cooperative = Cooperative.objects.select_for_update(no_key=True).get(pk=cooperative_id)
        if cooperative.pictures.filter(removed_at=None).update(removed_at=now):
            record(
                "remove_picture",
                subject=f"cooperative:{cooperative.pk}",
                district_id=PLATFORM,
                by=by,
                now=now,
            )
