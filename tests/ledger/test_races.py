"""The same cents, wanted by many at once; each race with a control that takes its guard out and must go wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection

from ledger.card import ask_refund
from ledger.chart import card_payable, card_refund, public_voucher
from ledger.holds import ask_card_hold, capture, fund_card_hold, release, set_aside
from ledger.models import Balance, Hold, HoldTooSmall
from ledger.payouts import Payout, start_payout
from ledger.public import appropriate, issue
from ledger.sums import lies_in
from ledger.verify import faults
from tests.builders import NOW, SOMEBODY
from tests.threads import at_once, without_locks

pytestmark = pytest.mark.django_db(transaction=True)

DISTRICT, COOP, SOURCE = 1, 7, "call:1/source:1"
PAYABLE = card_payable(COOP)
TILLS = 20


def a_voucher(cents: int) -> None:
    known: dict[str, Any] = {"district_id": DISTRICT, "by": SOMEBODY, "now": NOW}
    appropriate(SOURCE, cents, act="determina:1", **known)
    issue("voucher:1", SOURCE, cents, **known)


def a_held_hold(cents: int = 10_00) -> int:
    hold = ask_card_hold(district_id=DISTRICT, purpose=f"test:{Hold.objects.count()}", cents=cents)
    fund_card_hold(hold.pk, by=SOMEBODY, now=NOW)
    return hold.pk


def twenty_tills() -> list[object]:
    voucher = public_voucher("voucher:1", SOURCE)
    return at_once(
        TILLS,
        lambda n: set_aside(
            district_id=DISTRICT, purpose=f"till:{n}", source=voucher, cents=1_00, by=SOMEBODY, now=NOW
        ),
    )


def succeeded(results: list[object]) -> int:
    return sum(not isinstance(result, Exception) for result in results)


@contextmanager
def without_the_floor() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT balance_above_floor")
        try:
            yield
        finally:
            cursor.execute("DELETE FROM ledger_balance WHERE cents < floor_cents")
            cursor.execute(
                "ALTER TABLE ledger_balance ADD CONSTRAINT balance_above_floor CHECK (cents >= floor_cents)"
            )


def test_one_voucher_at_twenty_tills_is_spent_once():
    a_voucher(10_00)

    results = twenty_tills()

    assert succeeded(results) == 10
    assert all("balance_above_floor" in str(r) for r in results if isinstance(r, Exception))
    assert Balance.objects.get(account__kind="voucher").cents == 0
    assert faults() == []


def test_control_without_the_floor_the_voucher_is_spent_twice():
    a_voucher(10_00)

    with without_the_floor():
        results = twenty_tills()
        left = Balance.objects.get(account__kind="voucher").cents

    assert (succeeded(results), left) == (20, -10_00)


def eight_captures(hold_id: int) -> list[object]:
    return at_once(8, lambda n: capture(hold_id, 10_00, payable=PAYABLE, key=f"n{n}", by=SOMEBODY, now=NOW))


def test_a_hold_captured_eight_times_at_once_is_captured_once():
    results = eight_captures(a_held_hold())

    assert succeeded(results) == 1
    assert sum(isinstance(r, HoldTooSmall | IntegrityError) for r in results) == 7
    assert lies_in(DISTRICT, PAYABLE) == 10_00
    assert faults() == []


def test_control_without_the_holds_lock_the_floor_alone_still_stands():
    with without_locks():
        results = eight_captures(a_held_hold())

    assert any(isinstance(r, IntegrityError) for r in results)
    assert lies_in(DISTRICT, PAYABLE) == 10_00


def test_capture_refund_and_capture_again_share_what_is_there():
    hold_id = a_held_hold(10_00)

    def act(number: int) -> object:
        if number % 2:
            return ask_refund(hold_id, 6_00, refund=f"r{number}", by=SOMEBODY, now=NOW)
        return capture(hold_id, 6_00, payable=PAYABLE, key=f"n{number}", by=SOMEBODY, now=NOW)

    results = at_once(8, act)

    on_the_way = sum(lies_in(DISTRICT, card_refund(f"r{n}")) for n in range(8))
    assert succeeded(results) == 1
    assert lies_in(DISTRICT, PAYABLE) + on_the_way == 6_00
    assert faults() == []


def test_a_release_eight_times_at_once_gives_back_once():
    a_voucher(10_00)
    voucher = public_voucher("voucher:1", SOURCE)
    hold = set_aside(district_id=DISTRICT, purpose="x", source=voucher, cents=6_00, by=SOMEBODY, now=NOW)

    results = at_once(8, lambda n: release(hold.pk, 6_00, key=f"n{n}", by=SOMEBODY, now=NOW))

    assert succeeded(results) == 1
    assert Balance.objects.get(account__kind="voucher").cents == 10_00
    assert faults() == []


def eight_payouts() -> int:
    capture(a_held_hold(10_00), 10_00, payable=PAYABLE, key="one", by=SOMEBODY, now=NOW)
    sent = at_once(8, lambda n: start_payout(Payout(f"p{n}", DISTRICT, COOP, PAYABLE), by=SOMEBODY, now=NOW))
    return sum(cents for cents in sent if isinstance(cents, int))


def test_eight_payouts_at_once_send_what_was_earned_once():
    assert eight_payouts() == 10_00

    assert lies_in(DISTRICT, PAYABLE) == 0
    assert faults() == []


def test_control_without_the_payables_lock_it_is_sent_more_than_once():
    with without_locks():
        sent = eight_payouts()

    assert sent > 10_00
    assert lies_in(DISTRICT, PAYABLE) < 0


def test_a_hold_funded_eight_times_at_once_is_funded_once():
    hold = ask_card_hold(district_id=DISTRICT, purpose="once", cents=10_00)

    results = at_once(8, lambda _: fund_card_hold(hold.pk, by=SOMEBODY, now=NOW))

    assert succeeded(results) == 8
    assert Balance.objects.get(account__kind="held").cents == 10_00
    assert faults() == []
