"""Publish the times that a listing's calendar gives, for the coming sixty days.

What is there and agrees stays; what is missing is offered; what no longer agrees is taken off, unless somebody
holds a place of it: such a slot is never touched, but reported. Run twice, also at once, it changes nothing.

A listing with weekly hours is governed by them: an extra time is an exception of its calendar, not a slot
written by hand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from audit.record import record
from catalogue.models import Listing
from kernel.actor import Actor
from kernel.clock import rome_date, rome_midnight
from providers.calendar import Opening, expand
from providers.calendar_of import calendar_of, cooperative_of_listing, lock_calendar
from providers.models import Slot, WeeklyHours
from providers.places import lock_slots, release_lapsed

HORIZON = timedelta(days=60)

Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class Published:
    """What publishing did: how many times are newly offered, altered, taken off; which slots it had to leave."""

    listing_id: int
    offered: int
    altered: int
    taken_off: int
    left: tuple[int, ...]

    @property
    def changed_anything(self) -> bool:
        return bool(self.offered or self.altered or self.taken_off)


def publish_slots(listing_id: int, *, by: Actor, now: datetime, horizon: timedelta = HORIZON) -> Published:
    """Bring the listing's future slots, from now to ``horizon`` days on, to what its calendar gives."""
    with transaction.atomic():
        listing = Listing.objects.select_related("kind", "stockrecord").get(pk=listing_id)
        cooperative_id = cooperative_of_listing(listing)
        lock_calendar(cooperative_id)
        first = rome_date(now)
        until = first + horizon
        calendar = calendar_of(listing, cooperative_id=cooperative_id, first=first, until=until)
        wanted: dict[Period, int] = {
            (start, end): capacity
            for start, end, capacity in expand(calendar, first=first, until=until)
            if start >= now
        }
        published = _reconcile(listing_id, wanted, now=now, until=rome_midnight(until))
        if published.changed_anything:
            record(
                "publish_slots",
                subject=f"listing:{listing_id}",
                district_id=listing.kind.district_id,
                by=by,
                now=now,
                facts={
                    "offered": published.offered,
                    "altered": published.altered,
                    "taken_off": published.taken_off,
                    "left": list(published.left),
                },
            )
    return published


def listings_to_publish(now: datetime) -> QuerySet[Listing, int]:
    """Return the listings on sale that have weekly hours; those whose times reach less far come first."""
    with_hours = Listing.objects.on_sale().filter(Exists(WeeklyHours.objects.filter(listing=OuterRef("pk"))))
    farthest = Slot.objects.filter(listing=OuterRef("pk"), closed_at=None).order_by(Lower("period").desc())
    return (
        with_hours.annotate(reach=Subquery(farthest.values(start=Lower("period"))[:1]))
        .order_by(F("reach").asc(nulls_first=True), "pk")
        .values_list("pk", flat=True)
    )


def publish_listing(listing_id: int, now: datetime) -> Published:
    """Publish one listing's coming days, as the sweep does."""
    return publish_slots(listing_id, by=Actor.system("coming days"), now=now)


def _reconcile(listing_id: int, wanted: dict[Period, int], *, now: datetime, until: datetime) -> Published:
    slots = Slot.objects.filter(listing=listing_id).beginning(now, until)
    there = {_period(slot) for slot in slots}
    amiss = lock_slots({slot.pk for slot in slots if _is_amiss(slot, wanted)}).values()
    for slot in amiss:
        release_lapsed(slot, now)
    left = {slot.pk for slot in amiss if slot.taken}
    free = [slot for slot in amiss if not slot.taken]

    # Off before on: the new hours may need the time of the old ones.
    unwanted = [slot.pk for slot in free if _period(slot) not in wanted]
    Slot.objects.filter(pk__in=unwanted).shut(now)
    altered = 0
    for slot in free:
        if _period(slot) in wanted:
            if _is_in_the_way(slot):
                left.add(slot.pk)
            else:
                Slot.objects.filter(pk=slot.pk).offer(wanted[_period(slot)])
                altered += 1
    missing = [Opening(*period, capacity) for period, capacity in wanted.items() if period not in there]
    offered = _offer(listing_id, missing, now=now, until=until)
    return Published(listing_id, offered, altered, len(unwanted), tuple(sorted(left)))


def _is_amiss(slot: Slot, wanted: dict[Period, int]) -> bool:
    capacity = wanted.get(_period(slot))
    if slot.closed_at is None:
        return slot.capacity != capacity
    return capacity is not None or slot.taken > 0


def _period(slot: Slot) -> Period:
    return slot.starts_at, slot.ends_at


def _is_in_the_way(slot: Slot) -> bool:
    """Return whether offering it again would overlap another that has places."""
    rivals = Slot.objects.filter(listing=slot.listing_id, period__overlap=slot.period, capacity__gt=0)
    return rivals.exclude(pk=slot.pk).exists()


def _offer(listing_id: int, openings: list[Opening], *, now: datetime, until: datetime) -> int:
    """Offer new times, except where they would overlap a slot that had to be left; return how many."""
    of_the_listing = Slot.objects.filter(listing=listing_id).beginning(now, until)
    before = of_the_listing.count()
    Slot.objects.bulk_create(
        (
            Slot(listing_id=listing_id, period=(start, end), capacity=capacity)
            for start, end, capacity in openings
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    return of_the_listing.count() - before
