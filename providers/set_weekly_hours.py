"""Set the weekly hours of a listing from a day on; the earlier ones end the day before."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from audit.record import record
from catalogue.models import Listing
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.calendar import Rule, rules_that_overlap
from providers.calendar_of import cooperative_of_listing, lock_calendar
from providers.models import WeeklyHours
from providers.models.hours import Weekday
from providers.publish_slots import Published, publish_slots


class HoursOverlap(DomainError):
    code = "hours_overlap"
    message = _("Two of these hours overlap, on %(weekday)s and %(other)s. Change one of them.")


class HoursTooShort(DomainError):
    code = "hours_too_short"
    message = _("The hours on %(weekday)s are shorter than one appointment of %(minutes)s minutes.")


def set_weekly_hours(
    listing_id: int, rules: Sequence[Rule], *, from_date: date, by: Actor, now: datetime
) -> Published:
    """Let these rules hold from ``from_date`` on, none from earlier, and publish the times they give.

    :raises HoursOverlap: two of the rules would have the listing open twice at once.
    :raises HoursTooShort: a rule has not even one appointment.
    """
    _check(rules)
    with transaction.atomic():
        listing = Listing.objects.select_related("kind", "stockrecord").get(pk=listing_id)
        lock_calendar(cooperative_of_listing(listing))
        outdated = WeeklyHours.objects.filter(
            Q(until_date=None) | Q(until_date__gt=from_date), listing=listing
        )
        # What was to begin later never does: its first day is its end. Nothing is deleted.
        outdated.update(until_date=Greatest(F("from_date"), from_date))
        WeeklyHours.objects.bulk_create(_row(listing_id, rule, from_date) for rule in rules)
        record(
            "set_weekly_hours",
            subject=f"listing:{listing_id}",
            district_id=listing.kind.district_id,
            by=by,
            now=now,
            facts={"from_date": from_date.isoformat(), "rules": len(rules)},
        )
        return publish_slots(listing_id, by=by, now=now)


def _check(rules: Sequence[Rule]) -> None:
    for rule in rules:
        if rule.hours.minutes < rule.hours.slot_minutes:
            raise HoursTooShort(weekday=_name(rule), minutes=rule.hours.slot_minutes)
    if pair := rules_that_overlap(rules):
        raise HoursOverlap(weekday=_name(pair[0]), other=_name(pair[1]))


def _name(rule: Rule) -> str:
    return str(Weekday(rule.weekday).label)


def _row(listing_id: int, rule: Rule, from_date: date) -> WeeklyHours:
    return WeeklyHours(
        listing_id=listing_id,
        weekday=rule.weekday,
        opens=rule.hours.opens,
        closes=rule.hours.closes,
        zone=rule.hours.zone.key,
        capacity=rule.hours.capacity,
        slot_minutes=rule.hours.slot_minutes,
        holidays_too=rule.holidays_too,
        from_date=max(rule.from_date, from_date),
        until_date=rule.until_date,
    )
