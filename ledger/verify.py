"""Recompute the books from nothing and say in words what is wrong."""

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from ledger.models import Account, Balance, Entry, Hold


def faults() -> list[str]:
    """Return each fault in words; an empty list means that the books balance.

    Checked: every transfer sums to zero in each book; every balance row equals the sum of its entries, and every
    account with a floor has one; every card hold's open cents lie in its account.
    """
    return [*_unbalanced_transfers(), *_wrong_balances(), *_wrong_holds()]


def _unbalanced_transfers() -> list[str]:
    sums = (
        Entry.objects.values("transfer__key", "account__book").annotate(total=Sum("cents")).exclude(total=0)
    )
    return [
        f"transfer {row['transfer__key']}: book {row['account__book']} sums to {row['total']}, not 0"
        for row in sums.order_by("transfer__key")
    ]


def _wrong_balances() -> list[str]:
    sums = Account.objects.annotate(total=Coalesce(Sum("entries__cents"), 0)).select_related("balance")
    wrong = []
    for account in sums.filter(balance__isnull=False).exclude(total=F("balance__cents")).order_by("pk"):
        kept = Balance.objects.get(account=account).cents
        wrong.append(f"account {account}: balance row says {kept}, its entries {account.total}")
    bare = [account for account in sums.filter(balance=None).exclude(total=0) if account.name.has_floor]
    return wrong + [
        f"account {account}: has entries for {account.total} and no balance row" for account in bare
    ]


def _wrong_holds() -> list[str]:
    lying = {
        (account.district_id, account.owner): account.total
        for account in Account.objects.filter(kind="held").annotate(total=Coalesce(Sum("entries__cents"), 0))
    }
    wrong = []
    for hold in Hold.objects.order_by("pk"):
        expected = hold.open_cents if hold.state == Hold.State.HELD else 0
        found = lying.pop((hold.district_id, f"hold:{hold.pk}"), 0)
        if found != expected:
            wrong.append(f"hold {hold.pk} ({hold}): {expected} should lie in its account, {found} do")
    return wrong + [
        f"account of {owner}: {total} lie there for no hold" for (_, owner), total in lying.items() if total
    ]
