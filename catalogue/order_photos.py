"""Put the photos of a listing into another order. The first is the one that cards and previews show."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.record import record
from catalogue.add_photo import lock_listing
from catalogue.models import ListingPhoto
from kernel.actor import Actor
from kernel.errors import DomainError


class PhotosChanged(DomainError):
    code = "photos_changed"
    message = _("Meanwhile somebody added or removed a photo. Look at them again, then order them.")


def order_photos(*, listing_id: int, photo_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """Show the photos in the order of ``photo_ids``. The order they have already is no act.

    :raises PhotosChanged: these are not exactly the photos that the listing shows.
    """
    with transaction.atomic():
        listing = lock_listing(listing_id)
        shown = list(ListingPhoto.objects.shown().filter(listing=listing).values_list("pk", flat=True))
        if sorted(photo_ids) != sorted(shown):
            raise PhotosChanged
        if list(photo_ids) == shown:
            return
        for position, photo_id in enumerate(photo_ids, start=1):
            ListingPhoto.objects.filter(pk=photo_id).update(position=position)
        record(
            "order_photos",
            subject=f"listing:{listing.pk}",
            district_id=listing.kind.district_id,
            by=by,
            now=now,
            facts={"photos": list(photo_ids)},
        )
