"""Offers as families compare them: listings with their price for a quantity and their first free time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower

from catalogue.models import Listing, ListingPhoto
from catalogue.pricing import Asker, PriceForYou, prices_for
from kernel.clock import rome_day
from providers.models import Cooperative, Slot
from storefront.refresh_index import LOOK_AHEAD


@dataclass(frozen=True)
class Offer:
    """A listing as a card shows it: its price for a quantity, and when it is first free, if it is."""

    listing: Listing
    cooperative: Cooperative
    first: datetime | None
    price: PriceForYou
    photo: ListingPhoto | None


def offers_of(
    listing_ids: Sequence[int], *, quantity: int | None, asker: Asker, day: date | None = None
) -> list[Offer]:
    """Return the offers of those listings that are on sale, in the order given.

    Prices and times are today's, whatever an index said; in a number of queries that listings do not raise.
    ``first`` is the first time of the day asked for, unless that day has just filled up.
    """
    first = (
        Slot.objects.bookable(asker.now, within=LOOK_AHEAD)
        .filter(listing=OuterRef("pk"))
        .order_by(Lower("period"))
    )
    # A day that has filled up since the index was brought up has no time left to tell: then the first of all.
    wanted = [first] if day is None else [first.beginning(*rome_day(day)), first]
    begins = [Subquery(slots.values(begins=Lower("period"))[:1]) for slots in wanted]
    found = {
        listing.pk: listing
        for listing in Listing.objects.on_sale()
        .with_offer()
        .filter(pk__in=listing_ids)
        .annotate(first_free_at=Coalesce(*begins) if day else begins[0])
    }
    rows = [found[pk] for pk in listing_ids if pk in found]
    prices = prices_for([(row, clamp(row, quantity)) for row in rows], asker)
    photos = ListingPhoto.objects.first_of([row.pk for row in rows])
    return [
        Offer(
            row,
            row.stockrecord.partner.cooperative,
            row.first_free_at,  # type: ignore[attr-defined]
            price,
            photos.get(row.pk),
        )
        for row, price in zip(rows, prices, strict=True)
    ]


def clamp(listing: Listing, quantity: int | None) -> int:
    """Return the quantity asked for, brought within what the listing takes; the minimum if none was."""
    asked = listing.minimum_milli if quantity is None else quantity
    bounded = min(max(asked, listing.minimum_milli), listing.maximum_milli)
    return bounded - bounded % listing.step_milli or listing.step_milli
