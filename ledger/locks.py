"""The ledger's own locks, below every other: holds by key, then cooperatives, then balances."""

from django.db import transaction

from ledger.chart import AccountName
from ledger.models import Account, Hold


def locked_hold(hold_id: int) -> Hold:
    """Lock a hold; inside a transaction, holds in the order of their keys."""
    assert transaction.get_connection().in_atomic_block, "a lock lives in a transaction"
    return Hold.objects.select_for_update(no_key=True).get(pk=hold_id)


def lock_account(district_id: int, name: AccountName) -> None:
    """Lock an account that is a sum, so that nobody else takes from it meanwhile; laying in needs no lock."""
    Account.objects.bulk_create(
        [Account(district_id=district_id, book=name.book, kind=name.kind, owner=name.owner)],
        ignore_conflicts=True,
    )
    Account.objects.select_for_update(no_key=True).get(
        district_id=district_id, book=name.book, kind=name.kind, owner=name.owner
    )
