"""The chart of accounts: three books, and which accounts may not fall below their floor.

Positive means value lying there. Book **C** is card money (Stripe), **P** public money (the district's), **W**
companies' money. Money never changes books. ``docs/money.md`` tells each account and what it is reconciled with.
"""

from dataclasses import dataclass
from enum import StrEnum


class Book(StrEnum):
    CARD = "C"
    PUBLIC = "P"
    WELFARE = "W"


@dataclass(frozen=True, order=True)
class AccountName:
    """An account by name: ``C.held:hold:7``. ``owner`` is empty where a district has one such account."""

    book: str
    kind: str
    owner: str = ""

    def __str__(self) -> str:
        return f"{self.book}.{self.kind}" + (f":{self.owner}" if self.owner else "")

    @property
    def has_floor(self) -> bool:
        """Whether a balance row with a CHECK protects spending from it."""
        return self.kind in FLOORED


# Only what somebody spends from. Payable, due, own and the outside accounts are sums: no hot row.
FLOORED = frozenset({"held", "budget", "voucher", "company", "package", "credit"})


# --- Any book ----------------------------------------------------------------------------------------------
def held(book: str, hold_id: int) -> AccountName:
    """Set aside, not yet earned: one account a funds hold."""
    return AccountName(book, "held", f"hold:{hold_id}")


def transit(book: str, payout: str) -> AccountName:
    """On its way out, until the bank or Stripe says how it ended."""
    return AccountName(book, "transit", payout)


def paid(book: str, to: str) -> AccountName:
    """Paid out, outside."""
    return AccountName(book, "paid", to)


def due(payable: AccountName) -> AccountName:
    """A cooperative's debt beside its payable, at or below zero: the next payout of that payable nets it.

    So a debt to one company or funding source is never paid with another's money.
    """
    return AccountName(payable.book, "due", payable.owner)


# --- C: card money -----------------------------------------------------------------------------------------
def card_world() -> AccountName:
    """What families have paid in by card, outside."""
    return AccountName(Book.CARD, "world")


def card_fees() -> AccountName:
    """What Stripe has kept, outside."""
    return AccountName(Book.CARD, "fees")


def card_bank() -> AccountName:
    """The platform's own bank account, outside."""
    return AccountName(Book.CARD, "bank")


def card_payable(cooperative_id: int) -> AccountName:
    """Earned by a cooperative, not yet paid out."""
    return AccountName(Book.CARD, "payable", f"cooperative:{cooperative_id}")


def card_refund(refund: str) -> AccountName:
    """On its way back to a family."""
    return AccountName(Book.CARD, "refund", refund)


def card_own() -> AccountName:
    """The platform's own: commissions in, Stripe's fees out."""
    return AccountName(Book.CARD, "own")


def card_fund() -> AccountName:
    """The district's solidarity fund, until the foundation has it."""
    return AccountName(Book.CARD, "fund")


# --- P: public money ---------------------------------------------------------------------------------------
def public_world() -> AccountName:
    """Where public money comes from: the act of commitment (*determina*), outside."""
    return AccountName(Book.PUBLIC, "world")


def public_budget(source: str) -> AccountName:
    """What a call may still issue of one funding source (``call:3/source:1``)."""
    return AccountName(Book.PUBLIC, "budget", source)


def public_lapsed(source: str) -> AccountName:
    """What came back unspent to a call's funding source, until an act decides."""
    return AccountName(Book.PUBLIC, "lapsed", source)


def public_voucher(voucher: str, source: str) -> AccountName:
    """One voucher's slice of one funding source."""
    return AccountName(Book.PUBLIC, "voucher", f"{voucher}/{source}")


def public_payable(cooperative_id: int, source: str) -> AccountName:
    """Earned by a cooperative out of one funding source, not yet reimbursed."""
    return AccountName(Book.PUBLIC, "payable", f"cooperative:{cooperative_id}/{source}")


# --- W: companies' money -----------------------------------------------------------------------------------
def welfare_world(company: str, through: str) -> AccountName:
    """What a company has paid in, through ``stripe`` or ``bank``, outside."""
    return AccountName(Book.WELFARE, "world", f"{company}/{through}")


def welfare_company(company: str) -> AccountName:
    """What a company has with us; its floor is its credit limit."""
    return AccountName(Book.WELFARE, "company", company)


def welfare_package(package: str) -> AccountName:
    """What a company has put into a package."""
    return AccountName(Book.WELFARE, "package", package)


def welfare_credit(grant: str) -> AccountName:
    """What an employee may spend of one grant."""
    return AccountName(Book.WELFARE, "credit", grant)


def welfare_payable(cooperative_id: int, company: str) -> AccountName:
    """Earned by a cooperative out of one company's money, not yet paid out."""
    return AccountName(Book.WELFARE, "payable", f"cooperative:{cooperative_id}/{company}")
