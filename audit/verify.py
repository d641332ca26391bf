"""Recompute the audit chain from nothing and say in words what is wrong.

Found, for every sealed row: that it was changed, that it or its seal is missing, that two have changed places, that
the chain ends before an anchor says it did, that a seal is not the one that was anchored, that seals stand after the
newest anchor. And of rows without a seal: that one does not even want it, so came past the triggers or was struck off.

Not found, because nothing here is secret and the database's owner can switch triggers off: rows forged or removed
before they were sealed (within about a minute of the act); rows written falsely in the first place; and a chain that
was cut or made anew *together with its anchors*, consistently. The last is found by whoever noted an earlier head
outside (the command prints it, the sealer logs it) and hands it to ``noted``: rewriting anything up to that seal
changes its digest, cutting it off removes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from audit.digest import GENESIS, MICROSECONDS, Values, digest_of, values_of
from audit.models import AuditAnchor

PAGE = 5_000
MOST_FAULTS = 20
LONGEST_UNSEALED = timedelta(minutes=5)

# number, row, previous, digest, microsecond of sealing
Seal = tuple[int, int, bytes, bytes, int]
_SELECT = (
    # Constants, all of it.
    f"SELECT number, row_id, previous, digest, {MICROSECONDS.format('sealed_at')} FROM audit_auditseal"  # noqa: S608
    " WHERE number > %s AND number <= %s ORDER BY number LIMIT %s"
)


@dataclass(frozen=True)
class Head:
    """The newest seal: what an outsider notes down, as ``number:digest``."""

    number: int
    digest: bytes

    @classmethod
    def noted(cls, words: str) -> "Head":
        """Read a head back.

        :raises ValueError: that is not ``number:digest``.
        """
        number, _, digest = words.partition(":")
        head = cls(int(number), bytes.fromhex(digest))
        if head.number < 1 or len(head.digest) != len(GENESIS):
            raise ValueError(f"not a noted head: {words}")
        return head

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"


@dataclass
class Findings:
    """What a walk along the chain found. ``faults`` are in order: the first wrong row comes first."""

    seals: int = 0
    head: Head | None = None
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def verify_audit(now: datetime, *, noted: Head | None = None) -> Findings:
    """Walk the chain from its first seal, a page at a time, and return what was found.

    At most ``MOST_FAULTS`` faults are told. After a wrong row the walk goes on from the digest that is kept, so
    that one changed row is one fault.
    """
    findings = Findings()
    last_seal, last_anchor = _ends()
    digest = GENESIS
    for seals in _pages(last_seal):
        digest = _walk(seals, after=digest, noted=noted, findings=findings)
        if len(findings.faults) >= MOST_FAULTS:
            del findings.faults[MOST_FAULTS:]
            return findings
    if last_seal:
        findings.head = Head(last_seal, digest)
    findings.faults += _wrong_end(last_seal, last_anchor, noted)
    if not findings.faults:  # where seals are missing, so are those of their rows
        findings.faults += _past_the_triggers()
    findings.warnings += _unsealed(now)
    return findings


def _ends() -> tuple[int, int]:
    """Return the numbers of the newest seal and the newest anchor; 0 where there is none.

    In one statement, so of one moment: what is sealed while we walk is not ours to judge.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT max(number) FROM audit_auditseal), 0),"
            " coalesce((SELECT max(number) FROM audit_auditanchor), 0)"
        )
        last_seal, last_anchor = cursor.fetchone()
    return last_seal, last_anchor


def _pages(last: int) -> Iterator[list[Seal]]:
    """Yield the seals in order, a page at a time: no statement is long, whatever the length of the chain."""
    number = 0
    while number < last:
        with connection.cursor() as cursor:
            cursor.execute(_SELECT, [number, last, PAGE])
            seals = cursor.fetchall()
        if not seals:
            return
        yield seals
        number = seals[-1][0]


def _walk(seals: list[Seal], *, after: bytes, noted: Head | None, findings: Findings) -> bytes:
    first, last = seals[0][0], seals[-1][0]
    rows: dict[int, Values] = {values[0]: values for values in values_of([seal[1] for seal in seals])}
    anchors = AuditAnchor.objects.filter(number__gte=first, number__lte=last)
    anchored = {number: bytes(digest) for number, digest in anchors.values_list("number", "digest")}

    for seal in seals:
        if len(findings.faults) >= MOST_FAULTS:
            break
        number, row_id, previous, digest, sealed_at = seal
        if number != findings.seals + 1:
            findings.faults.append(_missing_seals(findings.seals + 1, number - 1))
            # The seal before is gone: what this one says of it is all there is to go on from.
            after = previous
        values = rows.get(row_id)
        if values is None:
            findings.faults.append(f"row {row_id}, sealed as {number}, is missing")
        elif digest_of(values, number=number, previous=after, sealed_at=sealed_at) != digest:
            findings.faults.append(_what_happened(seal, after, seals, rows))
        elif previous != after:
            findings.faults.append(f"seal {number} was changed: it names another seal as the one before")
        if number in anchored and anchored[number] != digest:
            findings.faults.append(f"seal {number} is not the one that was anchored: changed, or made anew")
        if noted and noted.number == number and noted.digest != digest:
            findings.faults.append(f"seal {number} is not the one that was noted: the chain was made anew")
        findings.seals, after = number, digest
    return after


def _missing_seals(first: int, last: int) -> str:
    return f"seal {first} is missing" if first == last else f"seals {first} to {last} are missing"


def _what_happened(seal: Seal, after: bytes, seals: list[Seal], rows: dict[int, Values]) -> str:
    """Say why a digest does not fit: was its row changed, or did rows or seals near it change places?"""
    number, row_id, _, digest, sealed_at = seal
    for other_id, other in rows.items():
        if other_id == row_id:
            continue
        for values in (other, (row_id, *other[1:])):
            if digest_of(values, number=number, previous=after, sealed_at=sealed_at) == digest:
                return f"row {row_id}, sealed as {number}, was reordered: what was sealed there is in row {other_id}"
    for other_number, other_row_id, _, other_digest, other_sealed_at in seals:
        values = rows.get(other_row_id, ())
        if other_number != number and values:
            expected = digest_of(values, number=number, previous=after, sealed_at=other_sealed_at)
            if expected == other_digest:
                return f"row {row_id}, sealed as {number}, was reordered: that seal now has number {other_number}"
    return f"row {row_id}, sealed as {number}, was changed after it was sealed"


def _wrong_end(last_seal: int, last_anchor: int, noted: Head | None) -> list[str]:
    faults = []
    if last_seal < last_anchor:
        faults.append(
            f"the chain was cut at the end: it was anchored at {last_anchor} and ends at {last_seal}"
        )
    if last_seal > last_anchor:
        faults.append(
            f"the chain ends at {last_seal}, but its newest anchor is {last_anchor}: anchors were cut"
        )
    if noted and noted.number > last_seal:
        faults.append(f"the chain was cut at the end: {noted.number} was noted, and it ends at {last_seal}")
    return faults


def _past_the_triggers() -> list[str]:
    """Tell of rows that have no seal and want none: the trigger that makes each row want one has not fired."""
    count, first = _count(
        "NOT EXISTS (SELECT FROM audit_auditseal AS s WHERE s.row_id = r.id)"
        " AND NOT EXISTS (SELECT FROM audit_auditunsealed AS u WHERE u.row_id = r.id)",
    )
    return [f"row {first} was slipped in: it has no seal and wants none ({count} such)"] if count else []


def _unsealed(now: datetime) -> list[str]:
    """Tell of rows that should have been sealed by now: the sealer sleeps."""
    count, first = _count(
        "at < %s AND EXISTS (SELECT FROM audit_auditunsealed AS u WHERE u.row_id = r.id)",
        now - LONGEST_UNSEALED,
    )
    return [f"{count} rows older than 5 minutes are not sealed, the first is row {first}"] if count else []


def _count(condition: str, *params: datetime) -> tuple[int, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        # Two large indexes are compared: longer than what the site allows a page.
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute(f"SELECT count(*), min(id) FROM audit_auditrow AS r WHERE {condition}", params)  # noqa: S608
        count, first = cursor.fetchone()
    return count, first
