from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.pictures import (
    Picture,
    fallback_width,
    file_name,
    height_of,
    share_height_of,
    share_name,
)

# Beside it under MEDIA_ROOT there is room for what is not for everybody.
FOLDER = "pictures"


class Pictured(models.Model):
    """A picture that pages show, with the words for who cannot see it.

    The files are named by ``stem``, a hash, and are public. Two rows may share them. A row is closed by
    ``removed_at``, never deleted; then its files go, unless another row needs them. ``digest`` is the SHA-256 of what
    was uploaded, which we do not keep; ``width`` and ``height`` are its size, ``widths`` those of the 4:3 files.
    """

    stem = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = ArrayField(models.PositiveSmallIntegerField(), editable=False)
    share_width = models.PositiveSmallIntegerField(editable=False)
    alt = models.CharField(
        _("what the photo shows"),
        max_length=160,
        help_text=_("For who cannot see it, in Italian: “Camicie stirate su una gruccia”."),
    )
    alt_en = models.CharField(
        _("what the photo shows, in English"),
        max_length=160,
        blank=True,
        help_text=_("The same sentence in English, if there is one."),
    )
    added_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="%(class)s_has_words"),
            models.CheckConstraint(
                condition=Q(stem__regex="^[0-9a-f]{32}$"), name="%(class)s_stem_is_a_hash"
            ),
            models.CheckConstraint(condition=Q(widths__len__gte=1), name="%(class)s_has_files"),
        ]
        indexes = [models.Index(fields=["stem"], name="%(class)s_stem")]

    def __str__(self) -> str:
        return self.alt

    @property
    def is_said_in_italian(self) -> bool:
        """Whether the reader gets Italian words though the page is not in Italian."""
        return get_language() != "it" and not self.alt_en

    @property
    def avif_files(self) -> str:
        """The AVIF files with their widths, as ``srcset`` wants them."""
        return self._files("avif")

    @property
    def webp_files(self) -> str:
        """The WebP files with their widths, as ``srcset`` wants them."""
        return self._files("webp")

    @property
    def jpeg(self) -> str:
        """The address of the one JPEG, for browsers that know neither AVIF nor WebP."""
        return url_of(file_name(self.stem, fallback_width(self.widths), "jpg"))

    @property
    def thumbnail(self) -> str:
        """The address of the smallest file."""
        return url_of(file_name(self.stem, self.widths[0], "webp"))

    @property
    def shown_width(self) -> int:
        return int(self.widths[-1])

    @property
    def shown_height(self) -> int:
        return height_of(self.shown_width)

    @property
    def share_url(self) -> str:
        """The address, without a host, of the JPEG that previews of a shared link show."""
        return url_of(share_name(self.stem))

    @property
    def share_height(self) -> int:
        return share_height_of(self.share_width)

    def _files(self, ending: str) -> str:
        return ", ".join(f"{url_of(file_name(self.stem, width, ending))} {width}w" for width in self.widths)


class ListingPhotoQuerySet(models.QuerySet["ListingPhoto"]):
    def shown(self) -> "ListingPhotoQuerySet":
        """Those not removed, in their order."""
        return self.filter(removed_at=None).order_by("listing", "position")

    def first_of(self, listing_ids: list[int]) -> "dict[int, ListingPhoto]":
        """Return the first photo of each listing that has one, in one query."""
        firsts = self.shown().filter(listing__in=listing_ids).distinct("listing")
        return {photo.listing_id: photo for photo in firsts}


class ListingPhoto(Pictured):
    """A photo of a listing. Positions count from one and may have gaps; a removed photo has none."""

    listing = models.ForeignKey("listing.Listing", on_delete=models.PROTECT, related_name="photos")
    position = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = ListingPhotoQuerySet.as_manager()

    class Meta(Pictured.Meta):
        constraints = [
            *Pictured.Meta.constraints,
            models.CheckConstraint(
                # Of a NULL ``>= 1`` is neither true nor false, and a CHECK lets that pass.
                condition=Q(removed_at=None, position__isnull=False, position__gte=1)
                | Q(removed_at__isnull=False, position=None),
                name="listingphoto_shown_has_a_position",
            ),
            # Deferred: a new order passes through states in which two have one position.
            models.UniqueConstraint(
                fields=["listing", "position"],
                name="listingphoto_one_a_position",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["listing", "digest"],
                condition=Q(removed_at=None),
                name="listingphoto_once_a_listing",
            ),
        ]


def url_of(name: str) -> str:
    """Return the address of a file of ours, without a host."""
    return f"{settings.MEDIA_URL}{FOLDER}/{name}"


def row_of(picture: Picture, *, alt: str, alt_en: str, added_at: datetime) -> dict[str, Any]:
    """Return what a row keeps of a picture."""
    return {
        "stem": picture.stem,
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
        "widths": list(picture.widths),
        "share_width": picture.share_width,
        "alt": alt,
        "alt_en": alt_en,
        "added_at": added_at,
    }
