"""Add a photo to a listing, after those it has."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.record import record
from catalogue.models import Listing, ListingPhoto
from catalogue.models.pictures import row_of
from catalogue.picture_files import keep_files
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.pictures import Picture

MOST_PHOTOS = 8


class TooManyPhotos(DomainError):
    code = "too_many_photos"
    message = _("A listing shows at most %(most)s photos. Remove one first.")


class PhotoAlreadyThere(DomainError):
    code = "photo_already_there"
    message = _("This listing already shows this photo. Choose another.")


def add_photo(
    *, listing_id: int, picture: Picture, alt: str, alt_en: str = "", by: Actor, now: datetime
) -> ListingPhoto:
    """Show a picture on a listing as its last photo. ``alt`` says in Italian what it shows.

    :raises TooManyPhotos: the listing shows as many as it may.
    :raises PhotoAlreadyThere: the listing shows the same upload already.
    """
    with transaction.atomic():
        listing = lock_listing(listing_id)
        shown = ListingPhoto.objects.filter(listing=listing, removed_at=None)
        if shown.filter(digest=picture.digest).exists():
            raise PhotoAlreadyThere
        if shown.count() >= MOST_PHOTOS:
            raise TooManyPhotos(most=MOST_PHOTOS)
        keep_files(picture, now=now)
        last = shown.aggregate(last=Max("position"))["last"] or 0
        photo = ListingPhoto.objects.create(
            listing=listing,
            position=last + 1,
            **row_of(picture, alt=alt, alt_en=alt_en, added_at=now),
        )
        record(
            "add_photo",
            subject=f"listing:{listing.pk}",
            district_id=listing.kind.district_id,
            by=by,
            now=now,
            facts={"photo": photo.pk, "digest": picture.digest, "alt": alt},
        )
        return photo


def lock_listing(listing_id: int) -> Listing:
    """Lock the listing whose photos change, and return it with its kind."""
    rows = Listing.objects.select_related("kind").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=listing_id)
