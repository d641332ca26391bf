"""What a company has paid in and nobody was paid with yet: no company's money pays for another's credit."""

from ledger.chart import AccountName, Book, welfare_world
from ledger.locks import lock_account
from ledger.models import Account, Entry, Transfer
from ledger.sums import lies_in


def covered_for(district_id: int, payable: AccountName) -> int:
    """Return how many cents may leave a company's payable now: what came to the bank, less what went out for it.

    What Stripe holds counts once it is swept to the bank. Locks the company's bank account in the books, so that no
    two payouts take the same cents; who pays in meanwhile waits for nobody. Reads the company's payables' history.
    """
    company = payable.owner.partition("/")[2]
    bank = welfare_world(company, "bank")
    lock_account(district_id, bank)
    payables = Account.objects.filter(
        district_id=district_id, book=Book.WELFARE, kind="payable", owner__endswith=f"/{company}"
    )
    payouts = Transfer.objects.filter(
        event__in=["payout", "failed", "returned"], entries__account__in=payables
    )
    legs = Entry.objects.filter(transfer__in=payouts, account__kind__in=["transit", "paid"])
    return max(0, -lies_in(district_id, bank) - sum(legs.values_list("cents", flat=True)))
