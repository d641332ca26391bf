"""Give a cooperative a picture; the one it had is shown no more."""

from datetime import datetime

from django.db import transaction

from audit.record import PLATFORM, record
from catalogue.models.pictures import row_of
from catalogue.picture_files import keep_files
from kernel.actor import Actor
from kernel.pictures import Picture
from providers.models import Cooperative, CooperativePicture


def set_picture(
    *, cooperative_id: int, picture: Picture, alt: str, alt_en: str = "", by: Actor, now: datetime
) -> CooperativePicture:
    """Show a picture on the cooperative's pages. ``alt`` says in Italian what it shows."""
    with transaction.atomic():
        cooperative = Cooperative.objects.select_for_update(no_key=True).get(pk=cooperative_id)
        keep_files(picture, now=now)
        cooperative.pictures.filter(removed_at=None).update(removed_at=now)
        row = cooperative.pictures.create(**row_of(picture, alt=alt, alt_en=alt_en, added_at=now))
        record(
            "set_picture",
            subject=f"cooperative:{cooperative.pk}",
            district_id=PLATFORM,  # a cooperative may work in several
            by=by,
            now=now,
            facts={"picture": row.pk, "digest": picture.digest, "alt": alt},
        )
        return row
