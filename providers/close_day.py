"""Close a day: nothing more is sold on it, and whoever has booked is told.

Times in a basket are given back at once: better choose anew than pay for a day that will not be. Places that
are being paid, or were, stay as they are and are handed on, to be moved to another day or refunded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.record import record
from kernel.actor import Actor
from kernel.clock import day_in_words, rome_date, rome_day
from kernel.errors import DomainError
from outbox.put import put
from providers.calendar_of import lock_calendar
from providers.models import CalendarException, Cooperative, Slot, SlotHold, Visit
from providers.places import give_back, lock_slots

TOPIC = "day_closed"
DAY = timedelta(days=1)


class DayPast(DomainError):
    code = "day_past"
    message = _("%(day)s is over: only today and the days to come can be closed.")


@dataclass(frozen=True)
class Promise:
    """A place of the closed day that somebody is paying or has paid for; a paid one has its visit."""

    hold_id: int
    state: str
    places: int
    slot_id: int
    listing_id: int
    period: tuple[datetime, datetime]
    visit_id: int | None
    staff_id: int | None


@dataclass(frozen=True)
class DayClosed:
    """What closing a day did: holds in baskets given back, and promises to move or refund."""

    exception_id: int
    given_back: tuple[int, ...]
    promises: tuple[Promise, ...]


def close_day(cooperative_id: int, day: date, *, reason: str, by: Actor, now: datetime) -> DayClosed:
    """Close the Rome day for all listings of the cooperative, from ``now`` on.

    Its slots that have not begun offer nothing more, for good: a place refunded later is not sold again. The
    outcome ``day_closed`` goes to the outbox once a day; closing again answers with the promises still open.

    :raises DayPast: the day is over.
    """
    if day < rome_date(now):
        raise DayPast(day=day_in_words(day, get_language() or "it"))
    with transaction.atomic():
        cooperative = lock_calendar(cooperative_id)
        exception, is_new = CalendarException.objects.get_or_create(
            cooperative=cooperative,
            listing=None,
            opens=None,
            from_date=day,
            until_date=day + DAY,
            defaults={"reason": reason},
        )
        slots = _lock_day(cooperative, day, now)
        Slot.objects.filter(pk__in=slots, closed_at=None).shut(now)
        given_back = _give_back_kept(slots)
        closed = DayClosed(exception.pk, given_back, _promises(slots))
        if is_new:
            _tell(cooperative, day, closed, reason=reason, by=by, now=now)
    return closed


def _lock_day(cooperative: Cooperative, day: date, now: datetime) -> dict[int, Slot]:
    begin, end = rome_day(day)
    slots = Slot.objects.filter(listing__stockrecord__partner=cooperative.partner_id)
    return lock_slots(set(slots.beginning(max(begin, now), end).values_list("pk", flat=True)))


def _give_back_kept(slots: dict[int, Slot]) -> tuple[int, ...]:
    kept = SlotHold.objects.filter(slot__in=slots, state=SlotHold.State.KEPT).order_by("pk")
    for hold in kept:
        give_back(slots[hold.slot_id], hold)
    return tuple(hold.pk for hold in kept)


def _promises(slots: dict[int, Slot]) -> tuple[Promise, ...]:
    holds = SlotHold.objects.filter(
        slot__in=slots, state__in=[SlotHold.State.PLACED, SlotHold.State.TAKEN]
    ).order_by("pk")
    visits = {visit.slot_hold_id: visit for visit in Visit.objects.filter(slot_hold__in=holds)}
    return tuple(_promise(hold, slots[hold.slot_id], visits.get(hold.pk)) for hold in holds)


def _promise(hold: SlotHold, slot: Slot, visit: Visit | None) -> Promise:
    return Promise(
        hold_id=hold.pk,
        state=hold.state,
        places=hold.places,
        slot_id=slot.pk,
        listing_id=slot.listing_id,
        period=(slot.starts_at, slot.ends_at),
        visit_id=visit.pk if visit else None,
        staff_id=visit.staff_id if visit else None,
    )


def _tell(
    cooperative: Cooperative, day: date, closed: DayClosed, *, reason: str, by: Actor, now: datetime
) -> None:
    payload: dict[str, object] = {
        "cooperative_id": cooperative.pk,
        "date": day.isoformat(),
        "given_back_hold_ids": list(closed.given_back),
        "promised_hold_ids": [promise.hold_id for promise in closed.promises],
        "visit_ids": [promise.visit_id for promise in closed.promises if promise.visit_id],
    }
    put(TOPIC, key=f"{TOPIC}:{closed.exception_id}", payload=payload, now=now)
    for district_id in _districts(cooperative):
        record(
            "close_day",
            subject=f"cooperative:{cooperative.pk}",
            district_id=district_id,
            by=by,
            now=now,
            reason=reason,
            facts=payload,
        )


def _districts(cooperative: Cooperative) -> Iterable[int]:
    """A cooperative works in several districts, and closes in all of them."""
    return cooperative.districts.order_by("pk").values_list("pk", flat=True)
