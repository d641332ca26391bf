"""Bring what search reads up to the listings, their areas and their free times.

Everything here is derived: a refresh run twice changes nothing, one that is missed is made good by the next. Rows that
are as they should be are not written. Texts and times are brought up apart, because times change by the
minute and stemming a text is dear.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kernel.clock import ROME, rome_date, rome_midnight
from storefront import index_sql

LOOK_AHEAD = timedelta(days=60)
DAYS_COUNTED = 14
REFRESH_LOCK = 7_314


@dataclass(frozen=True)
class Refreshed:
    """How many offers were written anew, dropped, said in other words, and brought to other times."""

    written: int
    dropped: int
    said: int
    retimed: int


def refresh_index(*, now: datetime, listing_ids: list[int] | None = None) -> Refreshed:
    """Bring the index up to today's listings, or only to those named; tallies and words follow."""
    today = rome_date(now)
    known = {
        "listings": listing_ids,
        "now": now,
        "until": now + LOOK_AHEAD,
        "days_end": rome_midnight(today + timedelta(days=DAYS_COUNTED)),
        "zone": ROME.key,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time: two refreshes would write the same rows in whatever order they meet them.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
        written, dropped, said, retimed = (
            _rows(cursor, statement, known)
            for statement in (index_sql.WRITE, index_sql.DROP, index_sql.SAY, index_sql.RETIME)
        )
        if written or dropped:
            _rows(cursor, index_sql.FORGET_TALLIES)
            _rows(cursor, index_sql.TALLY)
        if said or dropped:
            _rows(cursor, index_sql.FORGET_WORDS)
            _rows(cursor, index_sql.LEARN_WORDS)
    return Refreshed(written, dropped, said, retimed)


def _rows(cursor: CursorWrapper, statement: str, known: Mapping[str, Any] | None = None) -> int:
    cursor.execute(statement, known)
    return int(cursor.rowcount)
