"""Remove a photo from a listing. Its row is closed and stays; the sweep of orphan pictures takes the files."""

from datetime import datetime

from django.db import transaction

from audit.record import record
from catalogue.add_photo import lock_listing
from catalogue.models import ListingPhoto
from kernel.actor import Actor


def remove_photo(*, photo_id: int, by: Actor, now: datetime) -> None:
    """Show a photo no more. One that was removed before stays as it is.

    :raises ListingPhoto.DoesNotExist: there is no such photo.
    """
    with transaction.atomic():
        listing = lock_listing(ListingPhoto.objects.values_list("listing_id", flat=True).get(pk=photo_id))
        shown = ListingPhoto.objects.filter(pk=photo_id, removed_at=None)
        if shown.update(removed_at=now, position=None):
            record(
                "remove_photo",
                subject=f"listing:{listing.pk}",
                district_id=listing.kind.district_id,
                by=by,
                now=now,
                facts={"photo": photo_id},
            )
