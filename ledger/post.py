"""Post a transfer: the only way entries come into the books.

The transfer, its entries, the balances they move and the audit row that names its fingerprint are one
transaction. The audit chain so covers the money: a transfer that vanished is missed, one that was slipped in
has nobody who did it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from audit.record import record
from kernel.actor import Actor
from ledger.chart import AccountName
from ledger.models import Account, Balance, Entry, Transfer

POSTED = "post"


@dataclass(frozen=True)
class Move:
    """``cents`` from one account to another: posts minus there, plus here."""

    source: AccountName
    target: AccountName
    cents: int

    def __post_init__(self) -> None:
        if self.cents <= 0:
            raise ValueError(f"a move carries something, not {self.cents} cents")
        if self.source.book != self.target.book:
            raise ValueError(f"money does not change books: {self.source} to {self.target}")


class TransferKeyReused(RuntimeError):
    """A transfer's key came again with other entries: a bug."""


def post(*, key: str, event: str, district_id: int, moves: Sequence[Move], by: Actor, now: datetime) -> bool:
    """Post ``moves`` as one transfer; return whether it was new. The same key again posts nothing.

    Balances are locked in the order of their keys and moved in this transaction.

    :raises TransferKeyReused: ``key`` already stands for other entries.
    :raises django.db.IntegrityError: an account with a floor would fall below it (``balance_above_floor``).
    """
    legs = _legs(moves)
    fingerprint = fingerprint_of(district_id, legs.items())

    with transaction.atomic(savepoint=False):
        transfer_id = _insert_transfer(key, event, now, fingerprint)
        if transfer_id is None:
            if Transfer.objects.get(key=key).fingerprint != fingerprint:
                raise TransferKeyReused(key)
            return False

        accounts, opened = _accounts(district_id, legs)
        Entry.objects.bulk_create(
            Entry(transfer_id=transfer_id, account_id=accounts[name], cents=amount, at=now)
            for name, amount in legs.items()
        )
        standing = {name: cents for name, cents in legs.items() if name.has_floor and name not in opened}
        _move_balances({accounts[name]: cents for name, cents in standing.items()})
        record(
            POSTED,
            subject=f"transfer:{transfer_id}",
            district_id=district_id,
            by=by,
            now=now,
            facts={"key": key, "event": event, "fingerprint": fingerprint},
        )
    return True


def post_move(verb: str, ref: str, move: Move, *, district_id: int, by: Actor, now: datetime) -> bool:
    """Post an event of a single move, once for each ``verb`` and ``ref``.

    :raises: as ``post`` does.
    """
    return post(key=f"{verb}:{ref}", event=verb, district_id=district_id, moves=[move], by=by, now=now)


def is_posted(key: str) -> bool:
    """Return whether a transfer of that key exists.

    For events whose moves follow from what lies in an account: a retry must not look at it again, because it now
    lies elsewhere. Ask under the lock of that account.
    """
    return Transfer.objects.filter(key=key).exists()


def fingerprint_of(district_id: int, legs: Iterable[tuple[AccountName, int]]) -> str:
    """Return what a transfer posts as a digest: its district, and each account with its cents, by name."""
    said = "\n".join(f"{name.book}\t{name.kind}\t{name.owner}\t{cents}" for name, cents in sorted(legs))
    return hashlib.sha256(f"{district_id}\n{said}".encode()).hexdigest()


def _legs(moves: Sequence[Move]) -> dict[AccountName, int]:
    cents = Counter[AccountName]()
    for move in moves:
        cents[move.source] -= move.cents
        cents[move.target] += move.cents
    return {name: amount for name, amount in sorted(cents.items()) if amount}


def _insert_transfer(key: str, event: str, at: datetime, fingerprint: str) -> int | None:
    """Insert the transfer, waiting for a rival with the same key; ``None`` if the rival won."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, event, at, fingerprint) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (key) DO NOTHING RETURNING id",
            [key, event, at, fingerprint],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _accounts(
    district_id: int, legs: dict[AccountName, int]
) -> tuple[dict[AccountName, int], set[AccountName]]:
    """Return the keys of the accounts, and those that were opened here, whose balance row is already written."""
    found = _known_accounts(district_id, legs)
    missing = [name for name in legs if name not in found]
    opened = _open(district_id, missing) if missing else {}
    if floored := {pk: legs[name] for name, pk in opened.items() if name.has_floor}:
        Balance.objects.bulk_create(Balance(account_id=pk, cents=cents) for pk, cents in floored.items())
    found |= opened
    if lost := [name for name in missing if name not in opened]:  # a rival opened them meanwhile
        found |= _known_accounts(district_id, lost)
    return found, set(opened)


def _open(district_id: int, names: list[AccountName]) -> dict[AccountName, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (district_id, book, kind, owner) "
            "SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[]) "
            "ON CONFLICT DO NOTHING RETURNING book, kind, owner, id",
            [district_id, [n.book for n in names], [n.kind for n in names], [n.owner for n in names]],
        )
        return {AccountName(*row[:3]): row[3] for row in cursor.fetchall()}


def _known_accounts(district_id: int, names: Iterable[AccountName]) -> dict[AccountName, int]:
    owners = {name.owner for name in names}
    kinds = {name.kind for name in names}
    rows = Account.objects.filter(district_id=district_id, owner__in=owners, kind__in=kinds)
    return {row.name: row.pk for row in rows if row.name in names}


def _move_balances(amounts: dict[int, int]) -> None:
    if len(amounts) > 1:
        list(Balance.objects.select_for_update(no_key=True).filter(pk__in=amounts).order_by("pk"))
    for pk, cents in sorted(amounts.items()):
        Balance.objects.filter(pk=pk).update(cents=F("cents") + cents)
