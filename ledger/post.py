"""Post a transfer: the only way entries come into the books.

The transfer, its entries, the balances they move and the audit row that names its fingerprint are one
transaction. The audit chain so covers the money: a transfer that vanished is missed, one that was slipped in
has nobody who did it.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit.record import record
from kernel.actor import Actor
from ledger.chart import AccountName
from ledger.models import Account, Transfer
from ledger.rows import insert_transfer, lay_entries, open_accounts

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
    :raises ValueError: the moves undo each other.
    :raises django.db.IntegrityError: an account with a floor would fall below it (``balance_above_floor``).
    """
    legs = _legs(moves)
    if not legs:
        raise ValueError(f"a transfer moves something, not what {key} does")
    fingerprint = fingerprint_of(district_id, legs.items())

    with transaction.atomic(savepoint=False):
        transfer_id, known = insert_transfer(
            key, event, now, fingerprint, district_id=district_id, names=legs
        )
        if transfer_id is None:
            if Transfer.objects.get(key=key).fingerprint != fingerprint:
                raise TransferKeyReused(key)
            return False

        accounts, opened = _accounts(district_id, legs, known)
        lay_entries(
            transfer_id,
            now,
            {accounts[name]: cents for name, cents in legs.items()},
            standing={
                accounts[name]: cents for name, cents in legs.items() if name.has_floor and name not in opened
            },
        )
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


def _accounts(
    district_id: int, legs: dict[AccountName, int], known: dict[AccountName, int]
) -> tuple[dict[AccountName, int], Collection[AccountName]]:
    """Return the keys of all accounts, and which of them were opened here: their balance row is already written."""
    missing = {name: cents for name, cents in legs.items() if name not in known}
    if not missing:
        return known, ()
    opened = open_accounts(district_id, missing)
    found = known | opened
    if lost := [name for name in missing if name not in opened]:  # a rival opened them meanwhile
        owners = {name.owner for name in lost}
        rows = Account.objects.filter(district_id=district_id, owner__in=owners)
        found |= {row.name: row.pk for row in rows if row.name in lost}
    return found, opened
