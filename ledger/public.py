"""Public money: budget → voucher → held → payable → paid, per call and funding source.

``source`` names a call's funding source (``call:3/source:1``), ``voucher`` a voucher (``voucher:77``), ``act``
the decision that moves the money: the same act again changes nothing. Amounts are integer cents.
"""

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from ledger.chart import (
    AccountName,
    Book,
    paid,
    public_budget,
    public_lapsed,
    public_voucher,
    public_world,
    transit,
)
from ledger.locks import lock_account
from ledger.models import Entry
from ledger.post import Move, is_posted, post_move
from ledger.take_from_sum import TooLittleThere, move_from_sum


class ReimbursementDecided(RuntimeError):
    """A person's reimbursement was reported as paid and as failed: somebody must look which is true."""


def appropriate(source: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime) -> bool:
    """An act of commitment gives a call money: P.world → P.budget."""
    return post_move(
        "appropriate",
        act,
        Move(public_world(), public_budget(source), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def issue(voucher: str, source: str, cents: int, *, district_id: int, by: Actor, now: datetime) -> bool:
    """A voucher gets its slice of a source: P.budget → P.voucher.

    :raises django.db.IntegrityError: the budget holds less (``balance_above_floor``).
    """
    target = public_voucher(voucher, source)
    return post_move(
        "issue",
        f"{voucher}/{source}",
        Move(public_budget(source), target, cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def lapse(
    voucher: str, source: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """What a voucher that expired, was revoked or waived still holds: P.voucher → P.lapsed.

    Open holds run their course.

    :raises django.db.IntegrityError: the voucher holds less.
    """
    origin = public_voucher(voucher, source)
    return post_move(
        "lapse", act, Move(origin, public_lapsed(source), cents), district_id=district_id, by=by, now=now
    )


def reuse_lapsed(source: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime) -> bool:
    """An act puts lapsed money back into the call's budget: P.lapsed → P.budget.

    :raises TooLittleThere: less than that has lapsed, or another act had it.
    """
    return move_from_sum(
        "reuse",
        act,
        Move(public_lapsed(source), public_budget(source), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def return_lapsed(source: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime) -> bool:
    """An act gives lapsed money back to whom it came from: P.lapsed → P.world.

    :raises TooLittleThere: less than that has lapsed, or another act had it.
    """
    return move_from_sum(
        "return",
        act,
        Move(public_lapsed(source), public_world(), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def recover(source: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime) -> bool:
    """A family gave back what it had spent without right: P.world → P.budget."""
    return post_move(
        "recover",
        act,
        Move(public_world(), public_budget(source), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def refund_person(
    voucher: str, source: str, cents: int, *, payout: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """A call that reimburses expenses pays a person out: P.voucher → P.transit."""
    origin = public_voucher(voucher, source)
    return post_move(
        "refund-person",
        payout,
        Move(origin, transit(Book.PUBLIC, payout), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def person_paid(payout: str, person: str, cents: int, *, district_id: int, by: Actor, now: datetime) -> bool:
    """The treasury has paid the person: P.transit → P.paid.

    :raises ReimbursementDecided: it failed.
    :raises TooLittleThere: less than that is on its way.
    """
    origin, target = transit(Book.PUBLIC, payout), paid(Book.PUBLIC, person)
    with transaction.atomic(savepoint=False):
        lock_account(district_id, origin)
        if is_posted(f"person-failed:{payout}"):
            raise ReimbursementDecided(payout)
        move = Move(origin, target, cents)
        return move_from_sum("person-paid", payout, move, district_id=district_id, by=by, now=now)


def person_failed(
    payout: str, *, district_id: int, by: Actor, now: datetime, to: AccountName | None = None
) -> bool:
    """The person could not be paid: P.transit → the P.voucher it came from, all of it; or ``to``.

    ``to`` is the lapsed account of a voucher that ended meanwhile.

    :raises ReimbursementDecided: it was paid.
    :raises TooLittleThere: nothing is on its way.
    """
    origin = transit(Book.PUBLIC, payout)
    with transaction.atomic(savepoint=False):
        lock_account(district_id, origin)
        if is_posted(f"person-paid:{payout}"):
            raise ReimbursementDecided(payout)
        sent = (
            Entry.objects.select_related("account")
            .filter(transfer__key=f"refund-person:{payout}", account__kind="voucher")
            .first()
        )
        if sent is None:
            raise TooLittleThere(f"{origin}: nothing was ever sent")
        move = Move(origin, to or sent.account.name, -sent.cents)
        return move_from_sum("person-failed", payout, move, district_id=district_id, by=by, now=now)
