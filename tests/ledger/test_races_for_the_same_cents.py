"""The same cents wanted by eight at once, each with a key of its own: they share what is there, to the cent.

Ten euro lie there and eight want three each: three get them. Each control takes out what sees to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import IntegrityError

from ledger import card, holds, payouts, public, undo, welfare
from ledger.models import Balance, HoldTooSmall
from ledger.take_from_sum import TooLittleThere
from ledger.undo import SharesNotTaken
from ledger.verify import faults
from tests.audit.gate import nobody_writes
from tests.ledger import races
from tests.ledger.races import (
    COMPANY,
    COOP,
    CREDIT,
    DONE,
    FLOOR,
    KNOWN,
    LOCKS,
    MANY,
    PACKAGE,
    PAYABLE,
    SLICE,
    SOURCE,
    VOUCHER,
    Guard,
    moved_since,
    sums,
    times,
    together,
    without,
)

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[int], object]


@dataclass(frozen=True)
class SameCents:
    arrange: Callable[[], Act]
    moves: dict[str, int]
    guards: tuple[Guard, ...]


RACES: list[SameCents] = []


def three_of_eight(*guards: Guard, **moves: int) -> Callable[[Callable[[], Act]], Callable[[], Act]]:
    """Register a race in which each act moves so much, three can, and ``guards`` refuse the others."""

    def register(arrange: Callable[[], Act]) -> Callable[[], Act]:
        said = {name.replace("_", ".", 1): cents for name, cents in moves.items()}
        RACES.append(SameCents(arrange, said, guards))
        return arrange

    return register


# --- Guarded by the floor under a balance row ------------------------------------------------------------------
@three_of_eight(FLOOR, P_budget=-3_00, P_voucher=3_00)
def issue():
    races.a_budget()
    return lambda n: public.issue(f"voucher:{n}", SOURCE, 3_00, **KNOWN)


@three_of_eight(FLOOR, P_voucher=-3_00, P_lapsed=3_00)
def lapse():
    races.a_voucher()
    return lambda n: public.lapse(VOUCHER, SOURCE, 3_00, act=f"a{n}", **KNOWN)


@three_of_eight(FLOOR, P_voucher=-3_00, P_transit=3_00)
def refund_person():
    races.a_voucher()
    return lambda n: public.refund_person(VOUCHER, SOURCE, 3_00, payout=f"p{n}", **KNOWN)


@three_of_eight(FLOOR, P_voucher=-3_00, P_held=3_00)
def set_aside_from_a_voucher():
    races.a_voucher()
    return lambda n: holds.set_aside(purpose=f"till:{n}", source=SLICE, cents=3_00, **KNOWN)


@three_of_eight(FLOOR, W_credit=-3_00, W_held=3_00)
def set_aside_from_a_credit():
    races.a_credit()
    return lambda n: holds.set_aside(purpose=f"till:{n}", source=CREDIT, cents=3_00, **KNOWN)


@three_of_eight(FLOOR, W_company=-3_00, W_package=3_00)
def fund_package():
    races.a_company()
    return lambda n: welfare.fund_package(COMPANY, PACKAGE, 3_00, act=f"a{n}", **KNOWN)


@three_of_eight(FLOOR, W_company=-3_00, W_package=3_00)
def fund_package_on_credit():
    welfare.set_credit_limit(COMPANY, 10_00, **KNOWN)
    return lambda n: welfare.fund_package(COMPANY, PACKAGE, 3_00, act=f"a{n}", **KNOWN)


@three_of_eight(FLOOR, W_package=-3_00, W_credit=3_00)
def grant():
    races.a_package()
    return lambda n: welfare.grant(PACKAGE, f"grant:{n}", 3_00, **KNOWN)


@three_of_eight(FLOOR, W_credit=-3_00, W_package=3_00)
def lapse_credit():
    races.a_credit()
    return lambda n: welfare.lapse_credit(PACKAGE, races.GRANT, 3_00, act=f"a{n}", **KNOWN)


@three_of_eight(FLOOR, W_package=-3_00, W_company=3_00)
def empty_package():
    races.a_package()
    return lambda n: welfare.empty_package(COMPANY, PACKAGE, 3_00, act=f"a{n}", **KNOWN)


# --- Guarded by the lock of an account that is a sum -----------------------------------------------------------
@three_of_eight(LOCKS, P_lapsed=-3_00, P_budget=3_00)
def reuse_lapsed():
    races.something_lapsed()
    return lambda n: public.reuse_lapsed(SOURCE, 3_00, act=f"a{n}", **KNOWN)


@three_of_eight(LOCKS, P_lapsed=-3_00, P_world=3_00)
def return_lapsed():
    races.something_lapsed()
    return lambda n: public.return_lapsed(SOURCE, 3_00, act=f"a{n}", **KNOWN)


@three_of_eight(LOCKS, C_fund=-3_00, C_paid=3_00)
def pay_fund():
    races.a_delivery(fund=10_00)
    return lambda n: payouts.pay_fund(ref=f"f{n}", cents=3_00, **KNOWN)


# --- Guarded by the lock of a hold -----------------------------------------------------------------------------
@three_of_eight(LOCKS, C_payable=-3_00, C_refund=3_00)
def ask_refund_of_delivered():
    hold_id = races.a_delivery()
    return lambda n: card.ask_refund_of_delivered(hold_id, 3_00, cooperative_id=COOP, refund=f"r{n}", **DONE)


@three_of_eight(LOCKS, C_due=-3_00, C_own=3_00)
def dispute_owed():
    hold_id = races.a_delivery()
    return lambda n: card.dispute_owed(
        dispute=f"d{n}", hold_id=hold_id, cents=3_00, cooperative_id=COOP, **DONE
    )


@three_of_eight(LOCKS, W_payable=-3_00, W_credit=3_00)
def undo_capture():
    hold_id = races.a_delivery("W")
    return lambda n: undo.undo_capture(hold_id, 3_00, payable=PAYABLE["W"], key=f"k{n}", **DONE)


# --- Guarded by the lock of a payable --------------------------------------------------------------------------
@three_of_eight(LOCKS, C_own=-1_00, C_fund=-2_00, C_payable=3_00)
def give_back_shares():
    delivery = f"delivery:{races.a_delivery(commission=3_00, fund=6_00)}"
    shares = {"cooperative_id": COOP, "commission": 1_00, "fund": 2_00}
    return lambda n: undo.give_back_shares(delivery, ref=f"r{n}", **shares, **KNOWN)


# --- Guarded twice: by the lock of a hold, and by the floor under its account ----------------------------------
@three_of_eight(LOCKS, FLOOR, P_held=-3_00, P_payable=3_00)
def capture():
    hold_id = races.a_hold("P")
    return lambda n: holds.capture(hold_id, 3_00, payable=PAYABLE["P"], key=f"k{n}", **DONE)


@three_of_eight(LOCKS, FLOOR, P_held=-3_00, P_voucher=3_00)
def release():
    hold_id = races.a_hold("P")
    return lambda n: holds.release(hold_id, 3_00, key=f"k{n}", **DONE)


@three_of_eight(LOCKS, FLOOR, P_held=-3_00, P_lapsed=3_00)
def release_of_a_voucher_that_ended():
    hold_id, lapsed = races.a_hold("P"), public.public_lapsed(SOURCE)
    return lambda n: holds.release(hold_id, 3_00, key=f"k{n}", to=lapsed, **DONE)


@three_of_eight(LOCKS, FLOOR, C_held=-3_00, C_refund=3_00)
def ask_refund():
    hold_id = races.a_hold()
    return lambda n: card.ask_refund(hold_id, 3_00, refund=f"r{n}", **DONE)


@three_of_eight(LOCKS, FLOOR, C_held=-3_00, C_own=3_00)
def dispute_lost():
    hold_id = races.a_dispute()
    return lambda n: card.dispute_lost(dispute=f"d{n}", hold_id=hold_id, cents=3_00, **DONE)


# --- The tests -------------------------------------------------------------------------------------------------
each_race = pytest.mark.parametrize("race", RACES, ids=lambda race: race.arrange.__name__)
REFUSALS = (IntegrityError, HoldTooSmall, TooLittleThere, SharesNotTaken, ValueError)


@each_race
def test_eight_share_what_is_there_and_the_others_are_refused(race):
    act = race.arrange()
    before = sums()

    results = together(act)

    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == MANY - 3
    assert [error for error in refused if not isinstance(error, REFUSALS)] == []
    assert moved_since(before) == times(3, race.moves)
    assert faults() == []


@each_race
def test_control_without_its_guard_all_eight_take_what_is_not_there(race):
    act = race.arrange()
    before = sums()

    with without(*race.guards):
        results = together(act)

        assert [result for result in results if isinstance(result, Exception)] == []
        assert moved_since(before) == times(MANY, race.moves)


@pytest.mark.parametrize(
    "race", [race for race in RACES if race.guards == (LOCKS, FLOOR)], ids=lambda r: r.arrange.__name__
)
def test_control_without_a_holds_lock_the_floor_saves_the_money_and_the_hold_forgets_what_was_taken(race):
    act = race.arrange()
    before = sums()

    with without(LOCKS):
        results = together(act)

    assert sum(isinstance(result, IntegrityError) for result in results) == MANY - 3
    assert moved_since(before) == times(3, race.moves)
    assert any("700 should lie in its account, 100 do" in fault for fault in faults()), faults()


# --- The credit limit: the floor itself moves ------------------------------------------------------------------
def limit_and_funding(number: int) -> object:
    if number == 0:
        welfare.set_credit_limit(COMPANY, 0, **KNOWN)
        return None
    return welfare.fund_package(COMPANY, PACKAGE, 1_00, act=f"a{number}", **KNOWN)


def a_company_with_credit() -> None:
    welfare.set_credit_limit(COMPANY, 10_00, **KNOWN)


def together_on_the_balance() -> list[object]:
    return together(limit_and_funding, until=nobody_writes("ledger_balance"))


def test_a_limit_is_not_lowered_under_what_is_drawn_meanwhile():
    a_company_with_credit()

    results = together_on_the_balance()

    limit_moved = not isinstance(results[0], Exception)
    funded = sum(result is True for result in results[1:])
    balance = Balance.objects.get(account__kind="company")
    # Either the limit came first and nobody draws on it, or somebody drew first and it stays.
    assert (funded == 0) if limit_moved else (funded == MANY - 1)
    assert (balance.cents, balance.floor_cents) == (-funded * 1_00, 0 if limit_moved else -10_00)
    assert faults() == []


def test_control_without_the_floor_the_limit_is_lowered_and_drawn_on_all_the_same():
    a_company_with_credit()

    with without(FLOOR):
        results = together_on_the_balance()
        balance = Balance.objects.get(account__kind="company")

        assert [result for result in results if isinstance(result, Exception)] == []
        assert (balance.cents, balance.floor_cents) == (-(MANY - 1) * 1_00, 0)
