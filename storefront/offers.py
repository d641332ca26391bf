"""What a family compares: listings with their price for a quantity and their first free time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from catalogue.models import Listing, ServiceKind
from kernel.clock import rome_date
from kernel.money import Cents
from providers.models import Cooperative, Slot
from territory.models import Municipality

LOOK_AHEAD = timedelta(days=60)
MOST_SLOTS = 60


@dataclass(frozen=True)
class Offer:
    """A listing as a card shows it; ``quantity`` in thousandths of the unit, ``price`` for that quantity."""

    listing: Listing
    cooperative: Cooperative
    first: Slot | None
    quantity: int
    price: Cents


@dataclass(frozen=True)
class Day:
    date: date
    slots: list[Slot]


def offers(
    kind: ServiceKind, municipality: Municipality | None, quantity: int | None, now: datetime
) -> list[Offer]:
    """Return the offers of a kind that serve a municipality, first free time first, then price, then name."""
    listings = Listing.objects.on_sale().with_offer().filter(kind=kind)
    if municipality is not None:
        listings = listings.serving(municipality.pk)
    rows = list(listings.select_related("stockrecord__partner__cooperative"))
    first = first_free_slots([row.pk for row in rows], now)
    found = [_offer(row, first.get(row.pk), quantity) for row in rows]
    latest = now + LOOK_AHEAD * 2
    return sorted(found, key=lambda o: (o.first.starts_at if o.first else latest, o.price, o.listing.slug))


def first_free_slots(listing_ids: list[int], now: datetime) -> dict[int, Slot]:
    """Return the first bookable time of each listing that has one, in one query."""
    slots = (
        Slot.objects.bookable(now, within=LOOK_AHEAD)
        .filter(listing__in=listing_ids)
        .order_by("listing", "start")
        .distinct("listing")
    )
    return {slot.listing_id: slot for slot in slots}


def days_with_slots(listing: Listing, now: datetime) -> list[Day]:
    """Return the listing's bookable times by day in Rome, soonest first."""
    slots = (
        Slot.objects.bookable(now, within=LOOK_AHEAD).filter(listing=listing).order_by("start")[:MOST_SLOTS]
    )
    return [
        Day(day, list(group)) for day, group in groupby(slots, key=lambda slot: rome_date(slot.starts_at))
    ]


def _offer(listing: Listing, first: Slot | None, quantity: int | None) -> Offer:
    shown = clamp(listing, quantity)
    return Offer(listing, listing.stockrecord.partner.cooperative, first, shown, listing.price_of(shown))


def clamp(listing: Listing, quantity: int | None) -> int:
    """Return the quantity asked for, brought within what the listing takes; the minimum if none was."""
    asked = listing.minimum_milli if quantity is None else quantity
    bounded = min(max(asked, listing.minimum_milli), listing.maximum_milli)
    return bounded - bounded % listing.step_milli or listing.step_milli
