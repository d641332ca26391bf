"""Open the coming days of the demo listings. What is already there is never touched."""

from collections.abc import Collection, Iterable
from datetime import date

from catalogue.models import Listing
from marketplace.demo.content import ListingContent
from marketplace.demo.timetable import periods
from providers.models import Slot


def add_slots(contents: Iterable[ListingContent], *, today: date, closed_days: Collection[str]) -> None:
    """Add the times of the four weeks after ``today`` to the listings on sale.

    A time that overlaps one of the listing's is left out by PostgreSQL: somebody may have moved it.
    """
    by_slug = {content.slug: content for content in contents}
    listings = Listing.objects.on_sale().filter(slug__in=by_slug).values_list("pk", "slug").order_by("slug")
    Slot.objects.bulk_create(
        (
            Slot(listing_id=listing_id, period=(start, end), capacity=by_slug[slug].capacity)
            for listing_id, slug in listings
            for start, end in periods(by_slug[slug].slots, today=today, closed_days=closed_days)
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
