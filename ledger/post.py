"""Post a transfer: the only way entries come into the books."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from ledger.chart import AccountName
from ledger.models import Account, Balance, Entry, Transfer


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


def post(*, key: str, event: str, district_id: int, moves: Sequence[Move], at: datetime) -> bool:
    """Post ``moves`` as one transfer; return whether it was new. The same key again posts nothing.

    Balances are locked in the order of their keys and moved in this transaction.

    :raises TransferKeyReused: ``key`` already stands for other entries.
    :raises django.db.IntegrityError: an account with a floor would fall below it.
    """
    cents = Counter[AccountName]()
    for move in moves:
        cents[move.source] -= move.cents
        cents[move.target] += move.cents
    legs = {name: amount for name, amount in sorted(cents.items()) if amount}
    fingerprint = hashlib.sha256(f"{district_id}{legs}".encode()).hexdigest()

    with transaction.atomic():
        transfer_id = _insert_transfer(key, event, at, fingerprint)
        if transfer_id is None:
            if Transfer.objects.get(key=key).fingerprint != fingerprint:
                raise TransferKeyReused(key)
            return False

        accounts = _accounts(district_id, list(legs))
        Entry.objects.bulk_create(
            Entry(transfer_id=transfer_id, account_id=accounts[name], cents=amount, at=at)
            for name, amount in legs.items()
        )
        _move_balances({accounts[name]: amount for name, amount in legs.items() if name.has_floor})
    return True


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


def _accounts(district_id: int, names: list[AccountName]) -> dict[AccountName, int]:
    """Return the keys of the accounts, opening those that are new."""
    Account.objects.bulk_create(
        [Account(district_id=district_id, book=n.book, kind=n.kind, owner=n.owner) for n in names],
        ignore_conflicts=True,
    )
    owners = [name.owner for name in names]
    rows = Account.objects.filter(district_id=district_id, owner__in=owners)
    return {row.name: row.pk for row in rows}


def _move_balances(amounts: dict[int, int]) -> None:
    Balance.objects.bulk_create([Balance(account_id=pk) for pk in amounts], ignore_conflicts=True)
    locked = Balance.objects.select_for_update(no_key=True).filter(pk__in=amounts).order_by("pk")
    for balance in list(locked):
        Balance.objects.filter(pk=balance.pk).update(cents=F("cents") + amounts[balance.pk])
