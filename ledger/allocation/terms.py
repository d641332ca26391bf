"""Whether a tender may pay for a line at all."""

from ledger.allocation.result import Rule
from ledger.allocation.tenders import Line, Terms


def first_failed(terms: Terms, line: Line) -> Rule | None:
    """Return the first of the terms the line does not meet, or ``None`` if it meets them all."""
    if terms.services is not None and line.service not in terms.services:
        return Rule.SERVICE
    if terms.areas is not None and line.area not in terms.areas:
        return Rule.AREA
    if not terms.begins <= line.day < terms.ends:
        return Rule.DATE
    if terms.persons is not None and line.person not in terms.persons:
        return Rule.PERSON
    if terms.cooperatives is not None and line.cooperative not in terms.cooperatives:
        return Rule.COOPERATIVE
    return None
