"""What lies in an account: its last checkpoint and the entries since."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Sum

from kernel.money import Cents
from ledger.chart import AccountName
from ledger.models import Account, Entry


def lies_in(district_id: int, name: AccountName) -> Cents:
    """Return the sum of an account's entries, which is zero for one never opened."""
    account = Account.objects.filter(
        district_id=district_id, book=name.book, kind=name.kind, owner=name.owner
    ).first()
    if account is None:
        return Cents(0)
    last = account.checkpoints.order_by("upto_entry_id").last()
    since = Entry.objects.filter(account=account, pk__gt=last.upto_entry_id if last else 0)
    return Cents((last.cents if last else 0) + (since.aggregate(total=Sum("cents"))["total"] or 0))


def take_checkpoints(now: datetime) -> int:
    """Write the sum of every account that moved since its last checkpoint; return how many there were.

    An entry's key is drawn before its transaction commits, so a smaller key may appear after a larger one. The
    share lock waits until every such transaction has ended: whatever is below the horizon is then visible.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_entry IN SHARE MODE")
        cursor.execute("SELECT COALESCE(max(id), 0) FROM ledger_entry")
        horizon = cursor.fetchone()[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.checkpoint'))")
        cursor.execute(
            """
            INSERT INTO ledger_checkpoint (account_id, upto_entry_id, cents, at)
            SELECT entry.account_id, %(horizon)s, sum(entry.cents) + COALESCE(max(last.cents), 0), %(now)s
            FROM ledger_entry entry
            LEFT JOIN LATERAL (
                SELECT upto_entry_id, cents FROM ledger_checkpoint
                WHERE account_id = entry.account_id ORDER BY upto_entry_id DESC LIMIT 1
            ) last ON true
            WHERE entry.id <= %(horizon)s AND entry.id > COALESCE(last.upto_entry_id, 0)
            GROUP BY entry.account_id
            ON CONFLICT (account_id, upto_entry_id) DO NOTHING
            """,
            {"horizon": horizon, "now": now},
        )
        return int(cursor.rowcount)
