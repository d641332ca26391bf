"""Say in other words what a picture shows, for who cannot see it."""

from datetime import datetime

from django.db import transaction

from audit.record import record
from catalogue.models.pictures import Pictured
from kernel.actor import Actor


def describe_photo(
    photo: Pictured, *, alt: str, alt_en: str, district_id: int, by: Actor, now: datetime
) -> None:
    """Give a picture other words: of a listing, of a cooperative, whatever is pictured. The same words are no act."""
    with transaction.atomic():
        # Also without a look before: the form may have put the new words into the row in memory.
        table = type(photo)._default_manager
        row = table.select_for_update(no_key=True).get(pk=photo.pk)
        if (row.alt, row.alt_en) == (alt, alt_en):
            return
        record(
            "describe_photo",
            subject=f"{photo._meta.model_name}:{photo.pk}",
            district_id=district_id,
            by=by,
            now=now,
            facts={"alt": alt, "alt_en": alt_en, "before": row.alt, "before_en": row.alt_en},
        )
        row.alt, row.alt_en = alt, alt_en
        row.save(update_fields=["alt", "alt_en"])
