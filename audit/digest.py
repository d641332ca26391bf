"""The digest of a seal: SHA-256 over the seal before and the canonical bytes of the row."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection

# Part of every digest. A column added to AuditRow joins COLUMNS together with a new form for the rows after it.
FORM = 1
COLUMNS = (
    "id",
    "at",
    "district_id",
    "who",
    "on_behalf_of",
    "through",
    "verb",
    "subject",
    "reason",
    "facts",
)
GENESIS = bytes(32)

# Instants as microseconds since 1970: exact, in one zone, and a million of them cost nothing to read.
MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
_SELECT = "SELECT {} FROM audit_auditrow WHERE id = ANY(%s) ORDER BY id".format(  # noqa: S608  constants
    ", ".join(MICROSECONDS.format(column) if column == "at" else column for column in COLUMNS)
)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode

# A row's ``COLUMNS``, in that order.
Values = tuple[Any, ...]


def values_of(row_ids: Sequence[int]) -> list[Values]:
    """Return what is to be sealed of those rows that exist, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [list(row_ids)])
        return [(*values[:-1], json.loads(values[-1])) for values in cursor.fetchall()]


def digest_of(values: Values, *, number: int, previous: bytes, sealed_at: int) -> bytes:
    """Return the digest of the seal with that number, made at that microsecond, over a row."""
    canonical = _canonical([FORM, number, sealed_at, *values])
    return sha256(previous + canonical.encode("ascii")).digest()


def microseconds(moment: datetime) -> int:
    """Return an instant as the digests know it."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
