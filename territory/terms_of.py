"""Which version of a text is in force, which were before it, which will be."""

from dataclasses import dataclass
from datetime import date, timedelta

from territory.models import District, Terms


@dataclass(frozen=True)
class Version:
    """A version with the last day it was in force; none for one that nothing has replaced yet."""

    terms: Terms
    last_date: date | None
    is_coming: bool
    is_in_force: bool


@dataclass(frozen=True)
class Versions:
    """All versions of one text, newest first."""

    rows: list[Version]

    @property
    def in_force(self) -> Version | None:
        return next((row for row in self.rows if row.is_in_force), None)

    def numbered(self, version: int) -> Version | None:
        return next((row for row in self.rows if row.terms.version == version), None)


def terms_of(district: District, text: str, *, today: date) -> Versions:
    """Return the versions of one of a district's texts, as they stand on that day in Rome."""
    newest_first = list(district.terms.filter(text=text).order_by("-from_date"))
    rows = []
    later: Terms | None = None
    for terms in newest_first:
        last_date = later.from_date - timedelta(days=1) if later else None
        is_coming = terms.from_date > today
        is_in_force = not is_coming and (last_date is None or last_date >= today)
        rows.append(Version(terms, last_date, is_coming, is_in_force))
        later = terms
    return Versions(rows)
