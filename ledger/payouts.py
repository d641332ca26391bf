"""Paying out: what a cooperative has earned, less its debts, leaves once; the platform's and the fund's share too.

A payout locks its payable: nobody else takes the same cents. In all three books the steps are the same.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from ledger.chart import AccountName, Book, card_bank, card_fund, card_own, due, paid, transit
from ledger.covered import covered_for
from ledger.locks import lock_account
from ledger.models import Entry, Transfer
from ledger.post import Move, post
from ledger.sums import lies_in
from ledger.take_from_sum import move_from_sum


@dataclass(frozen=True)
class Payout:
    """One payment to a cooperative out of one payable account; ``ref`` makes its steps happen once."""

    ref: str
    district_id: int
    cooperative_id: int
    payable: AccountName

    @property
    def transit(self) -> AccountName:
        return transit(self.payable.book, self.ref)

    @property
    def paid(self) -> AccountName:
        return paid(self.payable.book, f"cooperative:{self.cooperative_id}")


class PayoutNotPaid(RuntimeError):
    """A payout was reported as returned that was never reported as paid: it failed, or somebody must look."""


def start_payout(payout: Payout, *, by: Actor, now: datetime) -> int:
    """Net the cooperative's debt, then put what it has earned on its way; return the cents on their way.

    Payable → due as far as there is debt, the rest payable → transit. Of a company's payable only what that company
    has paid in leaves; the rest stays payable, for another payout. Again, it returns the same cents; where nothing
    moved there was no payout, and the same ``ref`` may still become one.
    """
    with transaction.atomic():
        lock_account(payout.district_id, payout.payable)
        if Transfer.objects.filter(key=f"payout:{payout.ref}").exists():
            return _sent(payout)
        earned = max(0, lies_in(payout.district_id, payout.payable))
        debtor = due(payout.payable)
        lock_account(payout.district_id, debtor)
        netted = min(earned, max(0, -lies_in(payout.district_id, debtor)))
        leaves = earned - netted
        if leaves and payout.payable.book == Book.WELFARE:
            leaves = min(leaves, covered_for(payout.district_id, payout.payable))
        moves = [
            *([Move(payout.payable, debtor, netted)] if netted else []),
            *([Move(payout.payable, payout.transit, leaves)] if leaves else []),
        ]
        if moves:
            _post(payout, "payout", moves, by, now)
        return leaves


def payout_paid(payout: Payout, *, by: Actor, now: datetime) -> None:
    """The bank or Stripe has paid it: transit → paid."""
    with transaction.atomic():
        lock_account(payout.district_id, payout.transit)
        if cents := lies_in(payout.district_id, payout.transit):
            _post(payout, "paid", [Move(payout.transit, payout.paid, cents)], by, now)


def payout_failed(payout: Payout, *, by: Actor, now: datetime) -> None:
    """It did not go through: transit → payable, to be paid by another payout."""
    with transaction.atomic():
        lock_account(payout.district_id, payout.payable)
        lock_account(payout.district_id, payout.transit)
        if cents := lies_in(payout.district_id, payout.transit):
            _post(payout, "failed", [Move(payout.transit, payout.payable, cents)], by, now)


def payout_returned(payout: Payout, *, by: Actor, now: datetime) -> None:
    """The bank sent back what it had paid: paid → payable, to be paid by another payout.

    :raises PayoutNotPaid: it was not reported as paid.
    """
    with transaction.atomic():
        lock_account(payout.district_id, payout.transit)
        arrived = Entry.objects.filter(
            transfer__key=f"paid:{payout.ref}", account__kind="paid", cents__gt=0
        ).first()
        if arrived is None:
            raise PayoutNotPaid(payout.ref)
        _post(payout, "returned", [Move(payout.paid, payout.payable, arrived.cents)], by, now)


def bank_commission(*, ref: str, district_id: int, cents: int, by: Actor, now: datetime) -> bool:
    """The platform takes its commission to its own bank: C.own → C.bank."""
    moves = [Move(card_own(), card_bank(), cents)]
    return post(
        key=f"bank:{ref}", event="commission banked", district_id=district_id, moves=moves, by=by, now=now
    )


def pay_fund(*, ref: str, district_id: int, cents: int, by: Actor, now: datetime) -> bool:
    """The foundation gets the solidarity fund: C.fund → C.paid:foundation.

    :raises TooLittleThere: less than that is in the fund.
    """
    move = Move(card_fund(), paid(Book.CARD, "foundation"), cents)
    return move_from_sum("fund-paid", ref, move, district_id=district_id, by=by, now=now)


def _sent(payout: Payout) -> int:
    legs = Transfer.objects.get(key=f"payout:{payout.ref}").entries.filter(account__kind="transit")
    return sum(entry.cents for entry in legs)


def _post(payout: Payout, step: str, moves: list[Move], by: Actor, now: datetime) -> None:
    post(
        key=f"{step}:{payout.ref}",
        event=step,
        district_id=payout.district_id,
        moves=moves,
        by=by,
        now=now,
    )
