"""Give the demo listings their pictures, which are drawn by us and say so by their looks."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from catalogue.add_photo import add_photo
from catalogue.models import Listing
from kernel.actor import Actor
from kernel.pictures import Picture, make_picture
from marketplace.demo.content import PHOTOS, ListingContent


def add_photos(contents: Iterable[ListingContent], *, now: datetime) -> None:
    """Add a photo to each listing that never had one; where somebody removed it, it stays away."""
    wanted = {content.slug: content for content in contents if content.photo}
    for listing_id, slug in Listing.objects.filter(slug__in=wanted, photos=None).values_list("pk", "slug"):
        add_photo(
            listing_id=listing_id,
            picture=_picture(wanted[slug].photo),
            alt=wanted[slug].photo_alt,
            alt_en=wanted[slug].photo_alt_en,
            by=Actor.system("seed_district"),
            now=now,
        )


@cache
def _picture(name: str) -> Picture:
    """Return a drawing made ready, once for all the listings that show it."""
    return make_picture((PHOTOS / name).read_bytes(), name=name)
