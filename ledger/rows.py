"""The statements that ``post`` is made of: few, because each is a way to the database while locks are held.

Nothing here judges. Whoever calls is inside the transaction of the transfer.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from ledger.chart import AccountName
from ledger.models import Balance

INSERT_TRANSFER = """
    WITH inserted AS (
        INSERT INTO ledger_transfer (key, event, at, fingerprint) VALUES (%s, %s, %s, %s)
        ON CONFLICT (key) DO NOTHING RETURNING id
    )
    SELECT (SELECT id FROM inserted), name.book, name.kind, name.owner, account.id
    FROM unnest(%s::text[], %s::text[], %s::text[]) AS name (book, kind, owner)
    LEFT JOIN ledger_account account ON account.district_id = %s
        AND account.book = name.book AND account.kind = name.kind AND account.owner = name.owner
"""
OPEN = """
    WITH opened AS (
        INSERT INTO ledger_account (district_id, book, kind, owner)
        SELECT %(district)s, * FROM unnest(%(book)s::text[], %(kind)s::text[], %(owner)s::text[])
        ON CONFLICT DO NOTHING RETURNING book, kind, owner, id
    ), balances AS (
        INSERT INTO ledger_balance (account_id, cents, floor_cents)
        SELECT opened.id, first.cents, 0 FROM opened
        JOIN unnest(%(book)s::text[], %(kind)s::text[], %(owner)s::text[], %(cents)s::bigint[], %(floor)s::bool[])
            AS first (book, kind, owner, cents, has_floor) USING (book, kind, owner)
        WHERE first.has_floor
    )
    SELECT * FROM opened
"""
LAY = """
    INSERT INTO ledger_entry (transfer_id, account_id, cents, at)
    SELECT %s, leg.account_id, leg.cents, %s FROM unnest(%s::bigint[], %s::bigint[]) AS leg (account_id, cents)
"""
LAY_AND_MOVE = f"""
    WITH laid AS ({LAY})
    UPDATE ledger_balance SET cents = ledger_balance.cents + leg.cents
    FROM unnest(%s::bigint[], %s::bigint[]) AS leg (account_id, cents)
    WHERE ledger_balance.account_id = leg.account_id
"""  # noqa: S608  a constant


def insert_transfer(
    key: str, event: str, at: datetime, fingerprint: str, *, district_id: int, names: Iterable[AccountName]
) -> tuple[int | None, dict[AccountName, int]]:
    """Insert the transfer, waiting for a rival with the same key; look up the accounts on the way.

    Return its key, which is None if the rival won, and the keys of those accounts that are open.
    """
    with connection.cursor() as cursor:
        cursor.execute(INSERT_TRANSFER, [key, event, at, fingerprint, *_columns(names), district_id])
        rows = cursor.fetchall()
    return rows[0][0], {AccountName(*row[1:4]): row[4] for row in rows if row[4]}


def open_accounts(district_id: int, first: Mapping[AccountName, int]) -> dict[AccountName, int]:
    """Open accounts, those with a floor with a balance row of their first cents; return those opened here.

    One that a rival opens at the same time is waited for, and not among them.
    """
    book, kind, owner = _columns(first)
    wanted: dict[str, Any] = {
        "district": district_id,
        "book": book,
        "kind": kind,
        "owner": owner,
        "cents": list(first.values()),
        "floor": [name.has_floor for name in first],
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, wanted)
        return {AccountName(*row[:3]): row[3] for row in cursor.fetchall()}


def lay_entries(
    transfer_id: int, at: datetime, legs: Mapping[int, int], *, standing: Mapping[int, int]
) -> None:
    """Insert the entries and move the balance rows that stand there already, in the order of their keys.

    :raises LookupError: an account with a floor has lost its balance row.
    """
    entries: list[Any] = [transfer_id, at, list(legs), list(legs.values())]
    if len(standing) > 1:
        list(Balance.objects.select_for_update(no_key=True).filter(pk__in=standing).order_by("pk"))
    with connection.cursor() as cursor:
        if not standing:
            cursor.execute(LAY, entries)
            return
        cursor.execute(LAY_AND_MOVE, [*entries, list(standing), list(standing.values())])
        if cursor.rowcount != len(standing):
            raise LookupError(f"{len(standing)} balances should move, {cursor.rowcount} are there")


def _columns(names: Iterable[AccountName]) -> tuple[list[str], list[str], list[str]]:
    names = list(names)
    return [str(n.book) for n in names], [n.kind for n in names], [n.owner for n in names]
