"""The chart of accounts: which accounts a book knows, and which may not fall below zero.

Positive means value lying there. Book **C** is card money (Stripe); **P**, public money, and **W**, companies'
money, get their accounts with vouchers and packages. Source: ``docs/money.md``.
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
        return (self.book, self.kind) in FLOORED


FLOORED = {(Book.CARD, "held")}


def card_world() -> AccountName:
    """What families have paid in by card, outside."""
    return AccountName(Book.CARD, "world")


def card_fees() -> AccountName:
    """What Stripe has kept, outside."""
    return AccountName(Book.CARD, "fees")


def card_held(hold_id: int) -> AccountName:
    """Paid, not yet earned: one account a funds hold."""
    return AccountName(Book.CARD, "held", f"hold:{hold_id}")


def card_payable(cooperative_id: int) -> AccountName:
    """Earned by a cooperative, not yet paid out."""
    return AccountName(Book.CARD, "payable", f"cooperative:{cooperative_id}")


def card_own() -> AccountName:
    """The platform's own: commissions in, Stripe's fees out."""
    return AccountName(Book.CARD, "own")
