"""Time as the district lives it: stored in UTC, thought in Rome.

Nothing here reads the clock: ``now`` is an argument. Periods are half-open.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_datetime, format_time

ROME = ZoneInfo("Europe/Rome")
INSTANT = timedelta.resolution


def rome_date(moment: datetime) -> date:
    """Return the day it is in Rome at that moment."""
    return moment.astimezone(ROME).date()


def rome_midnight(day: date) -> datetime:
    """Return the moment that day begins in Rome."""
    return datetime.combine(day, time(), tzinfo=ROME)


def rome_day(day: date) -> tuple[datetime, datetime]:
    """Return the half-open period of a day in Rome: 23, 24 or 25 hours long."""
    return rome_midnight(day), rome_midnight(day + timedelta(days=1))


@lru_cache(maxsize=8192)
def moment_in_words(moment: datetime, language: str = "it") -> str:
    """Return a moment as people say it: ``mar 1 dic, 9:00``."""
    return format_datetime(moment, "EEE d MMM, H:mm", tzinfo=ROME, locale=language)


@lru_cache(maxsize=8192)
def day_in_words(day: date, language: str = "it") -> str:
    """Return a day as people say it: ``martedì 1 dicembre``."""
    return format_datetime(rome_midnight(day), "EEEE d MMMM", tzinfo=ROME, locale=language)


def date_in_words(day: date, language: str = "it") -> str:
    """Return a day with its year: ``1 dicembre 2026``."""
    return format_date(day, "d MMMM y", locale=language)


@lru_cache(maxsize=8192)
def hour_in_words(moment: datetime, language: str = "it") -> str:
    """Return the hour in Rome: ``9:00``."""
    return format_time(moment, "H:mm", tzinfo=ROME, locale=language)


def is_a_zone(name: str) -> bool:
    """Return whether that is the name of a time zone."""
    return name in available_timezones()


def moment_on_the_wall(wall: datetime, zone: ZoneInfo = ROME) -> datetime | None:
    """Return the moment at which clocks in ``zone`` show ``wall``, the first of the two where they show it twice.

    None for an hour that the clocks skip. The answer is in UTC: within one zone Python compares clock faces,
    not moments.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == wall else None


def moment_until_the_wall(wall: datetime, zone: ZoneInfo = ROME) -> datetime | None:
    """Return the end of a half-open period that lasts until clocks in ``zone`` show ``wall``.

    That is the moment they show it; or, where the clocks skip from just this hour on, the moment they jump.
    """
    before = moment_on_the_wall(wall - INSTANT, zone)
    return moment_on_the_wall(wall, zone) or (before + INSTANT if before else None)
