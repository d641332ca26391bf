"""Builders of hours, closures, staff and visits; and one verb made to wait for another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Event
from time import monotonic, sleep
from typing import Any

from django.db import connection, connections, transaction

from catalogue.models import Listing
from kernel.clock import ROME
from providers.calendar import Hours, Rule
from providers.models import CalendarException, Slot, SlotHold, StaffMember, Visit, WeeklyHours
from providers.plan_visit import plan_visit
from tests.builders import NOW, a_cooperative, a_district, a_listing, a_slot

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
LONG_AGO = date(2020, 1, 1)


def clock(text: str) -> time:
    return time.fromisoformat(text.zfill(5))


def hours(text: str, *, minutes: int = 60, capacity: int = 2, zone: Any = ROME) -> Hours:
    """``hours("9:00-12:00")``."""
    opens, closes = map(clock, text.split("-"))
    return Hours(opens, closes, minutes, capacity, zone)


def every(weekday: int, text: str, **more: Any) -> Rule:
    """``every(MONDAY, "9:00-12:00", minutes=30)``."""
    known = {name: more.pop(name) for name in ("from_date", "until_date", "holidays_too") if name in more}
    return Rule(weekday, hours(text, **more), **{"from_date": LONG_AGO, **known})


def every_day(text: str, **more: Any) -> list[Rule]:
    return [every(weekday, text, **more) for weekday in range(7)]


def weekly_hours(listing: Listing, *rules: Rule) -> None:
    """Write rules as rows, without publishing them."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            listing=listing,
            weekday=rule.weekday,
            opens=rule.hours.opens,
            closes=rule.hours.closes,
            capacity=rule.hours.capacity,
            slot_minutes=rule.hours.slot_minutes,
            holidays_too=rule.holidays_too,
            from_date=rule.from_date,
            until_date=rule.until_date,
        )
        for rule in rules
    )


def a_closure(day: date, *, of: Listing | None = None, days: int = 1) -> CalendarException:
    return CalendarException.objects.create(
        cooperative=a_cooperative(),
        listing=of,
        from_date=day,
        until_date=day + timedelta(days=days),
        reason="Inventario",
    )


def special_hours(day: date, text: str, *, of: Listing) -> CalendarException:
    opens, closes = map(clock, text.split("-"))
    return CalendarException.objects.create(
        cooperative=a_cooperative(),
        listing=of,
        from_date=day,
        until_date=day + timedelta(days=1),
        opens=opens,
        closes=closes,
        capacity=1,
        slot_minutes=60,
        reason="Apertura straordinaria",
    )


def a_hold(slot: Slot, state: str = SlotHold.State.TAKEN) -> SlotHold:
    """A place of the slot, as after somebody has paid for it."""
    Slot.objects.filter(pk=slot.pk).update(taken=slot.taken + 1)
    slot.refresh_from_db()
    return SlotHold.objects.create(slot=slot, keeper="basket:0", until=NOW, state=state)


def a_visit(*, starts_in: timedelta = timedelta(days=3), of: Listing | None = None) -> Visit:
    """A paid appointment of two hours, of a listing of its own unless told."""
    slot = a_slot(of=of or a_listing(), starts_in=starts_in)
    return plan_visit(district_id=a_district().pk, cooperative_id=a_cooperative().pk, slot_hold=a_hold(slot))


def a_staff_member(name: str = "Bruna", **more: Any) -> StaffMember:
    return StaffMember.objects.create(**{"cooperative": a_cooperative(), "name": name, **more})


def one_then_other(first: Callable[[], Any], then: Callable[[], Any]) -> tuple[Any, Any]:
    """Call ``first`` in a transaction that commits only once ``then``, begun after it, waits for it or is done.

    Return what each returned, or the exception it raised. No luck is needed: with a lock ``then`` waits; where
    there is none it has judged by what was there before ``first``.
    """
    begun, done = Event(), Event()

    def one() -> Any:
        try:
            with transaction.atomic():
                result = first()
                begun.set()
                _wait_for_somebody_behind_me(done)
            return result
        finally:
            begun.set()
            connections.close_all()

    def other() -> Any:
        begun.wait(timeout=30)
        try:
            return then()
        except Exception as error:  # noqa: BLE001  the test looks at what it met
            return error
        finally:
            done.set()
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = pool.submit(one), pool.submit(other)
        return results[0].result(), results[1].result()


def _wait_for_somebody_behind_me(done: Event) -> None:
    ask = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    deadline = monotonic() + 20
    with connection.cursor() as cursor:
        while not done.is_set():
            if cursor.execute(ask).fetchone()[0]:
                return
            assert monotonic() < deadline, "the other neither waited nor ended"
            sleep(0.01)
