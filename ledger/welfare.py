"""Companies' money: company → package → credit → held → payable → paid.

``company``, ``package`` and ``grant`` name rows (``company:4``); ``act`` is what makes the same call again
change nothing. Amounts are integer cents.
"""

from datetime import datetime

from django.db import transaction

from audit.record import record
from kernel.actor import Actor
from ledger.chart import welfare_company, welfare_credit, welfare_package, welfare_world
from ledger.models import Account, Balance
from ledger.post import Move, post_move

LIMITED = "credit limit"


def pay_in(
    company: str, cents: int, *, through: str, act: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """A company pays in advance or pays its invoice, through ``stripe`` or ``bank``: W.world → W.company."""
    return post_move(
        "pay-in",
        act,
        Move(welfare_world(company, through), welfare_company(company), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def set_credit_limit(company: str, cents: int, *, district_id: int, by: Actor, now: datetime) -> None:
    """Let a company's account fall to minus ``cents``.

    :raises django.db.IntegrityError: it is lower than that already (``balance_above_floor``).
    """
    name = welfare_company(company)
    with transaction.atomic():
        account, _ = Account.objects.get_or_create(
            district_id=district_id, book=name.book, kind=name.kind, owner=name.owner
        )
        Balance.objects.get_or_create(account=account)
        Balance.objects.filter(account=account).update(floor_cents=-cents)
        facts: dict[str, object] = {"limit": cents}
        record(LIMITED, subject=company, district_id=district_id, by=by, now=now, facts=facts)


def fund_package(
    company: str, package: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """A company puts money into a package: W.company → W.package.

    :raises django.db.IntegrityError: the company's account would fall below its limit.
    """
    return post_move(
        "fund-package",
        act,
        Move(welfare_company(company), welfare_package(package), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def grant(package: str, grant_: str, cents: int, *, district_id: int, by: Actor, now: datetime) -> bool:
    """An employee is given credit out of a package: W.package → W.credit.

    :raises django.db.IntegrityError: the package holds less.
    """
    return post_move(
        "grant",
        grant_,
        Move(welfare_package(package), welfare_credit(grant_), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def lapse_credit(
    package: str, grant_: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """What is left of a credit that ended goes back: W.credit → W.package."""
    return post_move(
        "lapse-credit",
        act,
        Move(welfare_credit(grant_), welfare_package(package), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def empty_package(
    company: str, package: str, cents: int, *, act: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """What a package no longer needs goes back to the company: W.package → W.company."""
    return post_move(
        "empty-package",
        act,
        Move(welfare_package(package), welfare_company(company), cents),
        district_id=district_id,
        by=by,
        now=now,
    )


def sweep_to_bank(
    company: str, cents: int, *, payout: str, district_id: int, by: Actor, now: datetime
) -> bool:
    """Stripe's balance came to the bank account from which cooperatives are paid: world:bank → world:stripe."""
    source, target = welfare_world(company, "bank"), welfare_world(company, "stripe")
    return post_move(
        "sweep", f"{payout}:{company}", Move(source, target, cents), district_id=district_id, by=by, now=now
    )
