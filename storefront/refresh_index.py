"""Bring what search reads up to the listings, their areas and their free times.

Everything here is derived: a refresh run twice changes nothing, one that is missed is made good by the next. Rows that
are as they should be are not written. Texts and times are brought up apart, because times change by the
minute and stemming a text is dear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalogue.models import Listing
from kernel.clock import ROME, rome_date, rome_midnight
from storefront import index_sql
from storefront.models import IndexedOffer

LOOK_AHEAD = timedelta(days=60)
DAYS_COUNTED = 14
AT_ONCE = 5_000
REFRESH_LOCK = 7_315


@dataclass(frozen=True)
class Refreshed:
    """How many offers were written anew, dropped, said in other words, and brought to other times."""

    written: int = 0
    dropped: int = 0
    said: int = 0
    retimed: int = 0


def refresh_index(*, now: datetime, listing_ids: Sequence[int] | None = None) -> Refreshed:
    """Bring the index up to today's listings, or only to those named; tallies and words follow.

    Many listings are taken so many at a time, each time in a transaction of its own: a crash leaves a part that is
    older, for the next refresh, and no statement runs long.
    """
    wanted = _all_listings() if listing_ids is None else sorted(listing_ids)
    done = [_refresh(wanted[at : at + AT_ONCE], now) for at in range(0, len(wanted), AT_ONCE)]
    return (
        Refreshed(*(sum(counts) for counts in zip(*map(astuple, done), strict=True))) if done else Refreshed()
    )


def _refresh(listing_ids: list[int], now: datetime) -> Refreshed:
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


def _all_listings() -> list[int]:
    """Return the keys of what is on sale and of what the index holds, rising."""
    on_sale = Listing.objects.on_sale().values_list("pk", flat=True)
    return sorted({*on_sale, *IndexedOffer.objects.values_list("pk", flat=True)})


def _rows(cursor: CursorWrapper, statement: str, known: Mapping[str, Any] | None = None) -> int:
    cursor.execute(statement, known)
    return int(cursor.rowcount)
