"""Days as people choose them: today, tomorrow, then by their names."""

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.clock import day_in_words
from storefront.refresh_index import DAYS_COUNTED


def named(day: date, today: date) -> str:
    """Return a day as people say it today."""
    soon = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    return soon.get(day) or day_in_words(day, get_language() or "it")


def coming(today: date) -> list[tuple[str, str]]:
    """Return the days that can be asked for, each as its value in an address and its name."""
    days = (today + timedelta(days=n) for n in range(DAYS_COUNTED))
    return [("", _("As soon as possible")), *((day.isoformat(), named(day, today)) for day in days)]
