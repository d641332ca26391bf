"""Seal the audit: chain what has been committed, by hash.

Rows take their ids before they commit, so a row with a smaller id may appear after larger ones were sealed. The
sealer therefore numbers the seals, not the rows: it chains whatever is committed and unsealed, by id, and a late
row gets a later number.
"""

import logging
from datetime import datetime

from django.db import connection, transaction

from audit.digest import GENESIS, digest_of, microseconds, values_of
from audit.models import AuditAnchor, AuditSeal, AuditUnsealed

BATCH = 2_000
MOST_AT_ONCE = 100_000
SEALER_LOCK = 7_311_001

log = logging.getLogger(__name__)


def seal_audit(now: datetime, *, batch: int = BATCH, most: int = MOST_AT_ONCE) -> int:
    """Seal what is committed and unsealed, at most ``most`` rows, and return how many were sealed.

    Each batch is a transaction: seals, the anchor and the rows struck off the list commit together or not at all,
    so a sealer may die anywhere. While another one is at work, this one leaves it to it.
    """
    sealed = 0
    while sealed < most:
        count = _seal_batch(now, batch)
        sealed += count
        if count < batch:
            break
    return sealed


def _seal_batch(now: datetime, batch: int) -> int:
    with transaction.atomic():
        if not only_sealer():
            return 0
        wanting = AuditUnsealed.objects.order_by("pk").values_list("pk", flat=True)
        row_ids = list(wanting[:batch])
        if not row_ids:
            return 0
        head = AuditSeal.objects.order_by("-number").values_list("number", "digest").first()
        number, previous = (head[0], bytes(head[1])) if head else (0, GENESIS)

        seals = []
        for values in values_of(row_ids):
            number += 1
            digest = digest_of(values, number=number, previous=previous, sealed_at=microseconds(now))
            seals.append((number, values[0], previous, digest))
            previous = digest
        _insert(seals, now)
        AuditUnsealed.objects.filter(pk__in=row_ids).delete()
        anchor = AuditAnchor.objects.create(number=number, digest=previous, at=now)
    # Where logs are kept elsewhere, this line is the outsider's note that verify_audit can be held against.
    log.info("audit sealed through %s", anchor)
    return len(seals)


def _insert(seals: list[tuple[int, int, bytes, bytes]], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditseal (number, row_id, previous, digest, sealed_at)"
            " SELECT *, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[])",
            [now, *(list(column) for column in zip(*seals, strict=True))],
        )


def only_sealer() -> bool:
    """Be the only sealer until this transaction ends; return whether that is granted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])
