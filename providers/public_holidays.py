"""Italy's public holidays, from a library that follows the law.

It knows the patron saints of provincial capitals only, none of our municipalities: a patron's day is a closure
that each cooperative writes for itself.
"""

from datetime import date
from functools import cache

from holidays import country_holidays

# Kept on the first Sunday of November since law 54/1977: a Sunday like another, not a day of rest of its own.
NOT_OF_REST = "Giorno dell'unità nazionale"


def holidays_between(first: date, until: date) -> frozenset[date]:
    """Return the public holidays of the half-open period."""
    years = range(first.year, until.year + 1)
    return frozenset(day for year in years for day in _holidays_of(year) if first <= day < until)


@cache
def _holidays_of(year: int) -> frozenset[date]:
    found = country_holidays("IT", years=year, language="it_IT")
    return frozenset(day for day in found if set(found.get_list(day)) - {NOT_OF_REST})
