"""Different verbs that want the same thing at once: one is true, the other is refused or finds nothing left."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from kernel.errors import IllegalTransition
from ledger import card, deliver, holds, payouts, welfare
from ledger.card import DisputeDecided
from ledger.models import Hold, HoldFrozen, HoldTooSmall
from ledger.payouts import Payout
from ledger.take_from_sum import TooLittleThere
from ledger.verify import faults
from tests.ledger import races
from tests.ledger.races import (
    COOP,
    DISTRICT,
    DONE,
    FLOOR,
    KNOWN,
    LOCKS,
    MANY,
    PAYABLE,
    moved_since,
    sums,
    together,
    without,
)
from tests.providers.calendars import one_then_other
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def alternating(one: Callable[[int], object], other: Callable[[int], object]) -> Callable[[int], object]:
    return lambda number: one(number) if number % 2 else other(number)


def succeeded(results: list[object]) -> int:
    return sum(not isinstance(result, Exception) for result in results)


def refusals(results: list[object]) -> set[type]:
    return {type(result) for result in results if isinstance(result, Exception)}


# --- An awaited hold: paid, or dropped -------------------------------------------------------------------------
def paid_and_dropped() -> tuple[Hold, list[object]]:
    hold = holds.ask_card_hold(district_id=DISTRICT, purpose="booking:1", cents=10_00)
    results = one_then_other(lambda: holds.fund_card_hold(hold.pk, **DONE), lambda: holds.drop_hold(hold.pk))
    hold.refresh_from_db()
    return hold, list(results)


def test_a_hold_that_is_just_being_funded_is_not_dropped():
    hold, results = paid_and_dropped()

    assert refusals(results) == {IllegalTransition}
    assert (hold.state, sums()["C.held"]) == (Hold.State.HELD, 10_00)
    assert faults() == []


def test_control_without_the_holds_lock_money_lies_in_a_hold_that_was_dropped():
    with without(LOCKS):
        hold, results = paid_and_dropped()

    assert refusals(results) == set()
    assert (hold.state, sums()["C.held"]) == (Hold.State.CLOSED, 10_00)
    assert any("0 should lie in its account, 1000 do" in fault for fault in faults())


def test_the_same_purpose_is_awaited_once():
    results = at_once(
        MANY, lambda _: holds.ask_card_hold(district_id=DISTRICT, purpose="booking:1", cents=10_00)
    )

    assert (succeeded(results), refusals(results)) == (1, {IntegrityError})
    assert Hold.objects.count() == 1


# --- A hold: captured, or refunded -----------------------------------------------------------------------------
def captured_and_refunded() -> list[object]:
    hold_id = races.a_hold()
    return together(
        alternating(
            lambda n: holds.capture(hold_id, 6_00, payable=PAYABLE["C"], key=f"k{n}", **DONE),
            lambda n: card.ask_refund(hold_id, 6_00, refund=f"r{n}", **DONE),
        )
    )


def test_capture_and_refund_share_what_is_open():
    results = captured_and_refunded()

    assert succeeded(results) == 1
    assert refusals(results) <= {HoldTooSmall, IntegrityError}
    assert sums().get("C.payable", 0) + sums().get("C.refund", 0) == 6_00
    assert faults() == []


def test_control_without_lock_and_floor_it_is_captured_and_refunded():
    with without(LOCKS, FLOOR):
        captured_and_refunded()

        assert (sums()["C.payable"], sums()["C.refund"]) == (24_00, 24_00)


# --- A delivery's shares: from the payable while it lasts, then from the debt -----------------------------------
def eight_deliveries_share_a_payable() -> None:
    races.a_delivery("C", 3_00)
    races.a_delivery("P")  # or they would wait for each other where the first opens this account
    parts = [deliver.Capture(races.a_hold_of_a_voucher(n), 5_00, PAYABLE["P"]) for n in range(MANY)]
    together(
        lambda n: deliver.capture_delivery(
            [parts[n]], cooperative_id=COOP, commission=70, fund=30, key=f"delivery:{n}", **KNOWN
        ),
        until=races.nobody_posts("shares:%"),
    )


def test_the_shares_of_eight_deliveries_take_what_is_payable_and_the_rest_is_debt():
    eight_deliveries_share_a_payable()

    assert {name: sums()[name] for name in ("C.payable", "C.due", "C.own", "C.fund", "P.payable")} == {
        "C.payable": 0,
        "C.due": -5_00,
        "C.own": 5_60,
        "C.fund": 2_40,
        "P.payable": 50_00,
    }
    assert faults() == []


def test_control_without_the_payables_lock_it_falls_below_zero():
    with without(LOCKS):
        eight_deliveries_share_a_payable()

    assert (sums()["C.payable"], sums().get("C.due", 0)) == (-5_00, 0)


# --- Paying out --------------------------------------------------------------------------------------------------
def eight_payouts(book: str) -> dict[str, int]:
    races.a_delivery(book)
    # So much that the company's cover is not what stops them: of that speaks test_covered.
    welfare.pay_in(races.COMPANY, 70_00, through="bank", act="invoice:2", **races.KNOWN)
    before = sums()
    together(lambda n: payouts.start_payout(Payout(f"p{n}", DISTRICT, COOP, PAYABLE[book]), **DONE))
    return moved_since(before)


@pytest.mark.parametrize("book", "CPW")
def test_eight_payouts_at_once_send_what_was_earned_once(book):
    assert eight_payouts(book) == {f"{book}.payable": -10_00, f"{book}.transit": 10_00}

    assert faults() == []


@pytest.mark.parametrize("book", "CPW")
def test_control_without_the_payables_lock_it_is_sent_eight_times(book):
    with without(LOCKS):
        assert eight_payouts(book) == {f"{book}.payable": -80_00, f"{book}.transit": 80_00}


def paid_and_failed() -> dict[str, int]:
    races.a_delivery("P")
    payout = Payout("p", DISTRICT, COOP, PAYABLE["P"])
    payouts.start_payout(payout, **DONE)
    before = sums()
    together(
        alternating(
            lambda _: payouts.payout_paid(payout, **DONE), lambda _: payouts.payout_failed(payout, **DONE)
        )
    )
    return moved_since(before)


def test_a_payout_that_is_called_paid_and_failed_at_once_is_one_of_the_two():
    moved = paid_and_failed()

    assert moved in ({"P.transit": -10_00, "P.paid": 10_00}, {"P.transit": -10_00, "P.payable": 10_00})
    assert faults() == []


def test_control_without_the_transits_lock_it_is_both():
    with without(LOCKS):
        assert paid_and_failed() == {"P.transit": -20_00, "P.paid": 10_00, "P.payable": 10_00}


# --- A refund: done, or by hand ----------------------------------------------------------------------------------
def done_and_by_hand() -> tuple[dict[str, int], set[type]]:
    refund = races.a_refund()
    before = sums()
    results = together(
        alternating(
            lambda _: card.refund_done(refund=refund, cents=10_00, **KNOWN),
            lambda _: card.refund_by_hand(refund=refund, cents=10_00, **KNOWN),
        )
    )
    return moved_since(before), refusals(results)


def test_a_refund_is_done_or_paid_by_hand_never_both():
    moved, refused = done_and_by_hand()

    assert moved in ({"C.refund": -10_00, "C.world": 10_00}, {"C.refund": -10_00, "C.own": 10_00})
    assert refused == {TooLittleThere}
    assert faults() == []


def test_control_without_the_refunds_lock_it_is_paid_twice():
    with without(LOCKS):
        moved, _ = done_and_by_hand()

    assert moved == {"C.refund": -20_00, "C.world": 10_00, "C.own": 10_00}


# --- Disputes ----------------------------------------------------------------------------------------------------
def disputed_and_refunded(*, delivered: bool) -> object:
    hold_id = races.a_delivery() if delivered else races.a_hold()
    known = {"refund": "r", **DONE}

    def refund() -> object:
        if delivered:
            return card.ask_refund_of_delivered(hold_id, 10_00, cooperative_id=COOP, **known)
        return card.ask_refund(hold_id, 10_00, **known)

    _, answer = one_then_other(
        lambda: card.dispute_opened(dispute="d", cents=10_00, fee=0, hold_ids=[hold_id], **KNOWN), refund
    )
    return answer


@pytest.mark.parametrize("delivered", [False, True])
def test_who_refunds_while_a_dispute_is_being_opened_is_refused(delivered):
    answer = disputed_and_refunded(delivered=delivered)

    assert isinstance(answer, HoldFrozen)
    assert "C.refund" not in sums()
    assert faults() == []


@pytest.mark.parametrize("delivered", [False, True])
def test_control_without_the_holds_lock_the_family_is_paid_twice(delivered):
    with without(LOCKS):
        disputed_and_refunded(delivered=delivered)

    # Ten by the dispute, ten by the refund; ten were paid in.
    assert (sums()["C.world"], sums()["C.refund"]) == (0, 10_00)


def won_and_lost() -> tuple[dict[str, int], set[type]]:
    hold_id = races.a_dispute()
    before = sums()
    results = together(
        alternating(
            lambda _: card.dispute_won(dispute="dispute:1", cents=10_00, hold_ids=[hold_id], **KNOWN),
            lambda _: card.dispute_lost(dispute="dispute:1", hold_id=hold_id, cents=10_00, **DONE),
        )
    )
    return moved_since(before), refusals(results)


def test_a_dispute_is_won_or_lost_never_both():
    moved, refused = won_and_lost()

    assert moved in ({"C.world": -10_00, "C.own": 10_00}, {"C.held": -10_00, "C.own": 10_00})
    assert refused == {DisputeDecided}
    assert faults() == []


def test_control_without_the_holds_lock_the_platform_gains_twice():
    with without(LOCKS):
        moved, _ = won_and_lost()

    assert moved == {"C.world": -10_00, "C.held": -10_00, "C.own": 20_00}


def test_a_dispute_told_again_after_it_was_won_freezes_nothing():
    hold_id = races.a_dispute()
    known = {"dispute": "dispute:1", "cents": 10_00, "hold_ids": [hold_id], **KNOWN}
    card.dispute_won(**known)

    card.dispute_opened(fee=15_00, **known)

    assert not Hold.objects.get().frozen
    assert card.ask_refund(hold_id, 10_00, refund="r", **DONE)
