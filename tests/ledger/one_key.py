"""Every verb that posts, arranged to be told many times with one key: what it moves once, and what protects it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger import card, deliver, holds, payouts, public, welfare
from ledger.payouts import Payout
from tests.ledger import races
from tests.ledger.races import (
    COMPANY,
    COOP,
    DISTRICT,
    DONE,
    GRANT,
    KEY,
    KNOWN,
    LOCKS,
    PACKAGE,
    PAYABLE,
    SLICE,
    SOURCE,
    VOUCHER,
    Guard,
)

Act = Callable[[], object]


@dataclass(frozen=True)
class OneKey:
    """A verb; how to arrange for it, which returns the act; what the act moves; and what protects it."""

    verb: Callable[..., Any]
    arrange: Callable[[], Act]
    moves: dict[str, int]
    guards: tuple[Guard, ...] = (KEY,)


RACES: list[OneKey] = []


def told_many_times(
    verb: Callable[..., Any], *, guards: tuple[Guard, ...] = (KEY,), **moves: int
) -> Callable[[Callable[[], Act]], Callable[[], Act]]:
    """Register a race; ``P_budget=-1_00`` says that one euro leaves ``P.budget``."""

    def register(arrange: Callable[[], Act]) -> Callable[[], Act]:
        said = {name.replace("_", ".", 1): cents for name, cents in moves.items()}
        RACES.append(OneKey(verb, arrange, said, guards))
        return arrange

    return register


# --- Holds ---------------------------------------------------------------------------------------------------
# Without the key alone, the hold that is held already is not funded again: its state says so.
@told_many_times(holds.fund_card_hold, guards=(KEY, LOCKS), C_world=-1_00, C_held=1_00)
def fund():
    hold = holds.ask_card_hold(district_id=DISTRICT, purpose="booking:1", cents=1_00)
    return lambda: holds.fund_card_hold(hold.pk, **DONE)


@told_many_times(holds.set_aside, P_voucher=-1_00, P_held=1_00)
def set_aside():
    races.a_voucher()
    return lambda: holds.set_aside(purpose="booking:1", source=SLICE, cents=1_00, **KNOWN)


@told_many_times(holds.capture, P_held=-1_00, P_payable=1_00)
def capture():
    hold_id = races.a_hold("P")
    return lambda: holds.capture(hold_id, 1_00, payable=PAYABLE["P"], key="k", **DONE)


@told_many_times(holds.release, W_held=-1_00, W_credit=1_00)
def release():
    hold_id = races.a_hold("W")
    return lambda: holds.release(hold_id, 1_00, key="k", **DONE)


@told_many_times(holds.take_for_refund, C_held=-1_00, C_refund=1_00)
def take_for_refund():
    hold_id, refund = races.a_hold(), card.card_refund("r")
    return lambda: holds.take_for_refund(hold_id, 1_00, refund=refund, key="k", **DONE)


@told_many_times(deliver.capture_delivery, C_held=-1_00, C_payable=93, C_own=5, C_fund=2)
def capture_delivery():
    part = deliver.Capture(races.a_hold(), 1_00, PAYABLE["C"])
    return lambda: deliver.capture_delivery(
        [part], cooperative_id=COOP, commission=5, fund=2, key="k", **KNOWN
    )


# --- Card money ----------------------------------------------------------------------------------------------
@told_many_times(card.book_card_fee, C_own=-68, C_fees=68)
def book_card_fee():
    return lambda: card.book_card_fee(payment="1", cents=68, **KNOWN)


@told_many_times(card.ask_refund, C_held=-1_00, C_refund=1_00)
def ask_refund():
    hold_id = races.a_hold()
    return lambda: card.ask_refund(hold_id, 1_00, refund="r", **DONE)


@told_many_times(card.ask_refund_of_delivered, C_payable=-1_00, C_refund=1_00)
def ask_refund_of_delivered():
    hold_id = races.a_delivery()
    return lambda: card.ask_refund_of_delivered(hold_id, 1_00, cooperative_id=COOP, refund="r", **DONE)


@told_many_times(card.refund_done, C_refund=-1_00, C_world=1_00)
def refund_done():
    refund = races.a_refund()
    return lambda: card.refund_done(refund=refund, cents=1_00, **KNOWN)


@told_many_times(card.refund_bounced, C_world=-1_00, C_refund=1_00)
def refund_bounced():
    refund = races.a_refund()
    return lambda: card.refund_bounced(refund=refund, cents=1_00, **KNOWN)


@told_many_times(card.refund_by_hand, C_refund=-1_00, C_own=1_00)
def refund_by_hand():
    refund = races.a_refund()
    return lambda: card.refund_by_hand(refund=refund, cents=1_00, **KNOWN)


@told_many_times(card.dispute_opened, C_own=-16_00, C_world=1_00, C_fees=15_00)
def dispute_opened():
    hold_ids = [races.a_hold(), races.a_hold()]
    return lambda: card.dispute_opened(dispute="d", cents=1_00, fee=15_00, hold_ids=hold_ids, **KNOWN)


@told_many_times(card.dispute_won, C_world=-1_00, C_own=1_00)
def dispute_won():
    hold_id = races.a_dispute()
    return lambda: card.dispute_won(dispute="dispute:1", cents=1_00, hold_ids=[hold_id], **KNOWN)


@told_many_times(card.dispute_lost, C_held=-1_00, C_own=1_00)
def dispute_lost():
    hold_id = races.a_dispute()
    return lambda: card.dispute_lost(dispute="dispute:1", hold_id=hold_id, cents=1_00, **DONE)


# --- Public money --------------------------------------------------------------------------------------------
@told_many_times(public.appropriate, P_world=-1_00, P_budget=1_00)
def appropriate():
    return lambda: public.appropriate(SOURCE, 1_00, act="a", **KNOWN)


@told_many_times(public.issue, P_budget=-1_00, P_voucher=1_00)
def issue():
    races.a_budget()
    return lambda: public.issue(VOUCHER, SOURCE, 1_00, **KNOWN)


@told_many_times(public.lapse, P_voucher=-1_00, P_lapsed=1_00)
def lapse():
    races.a_voucher()
    return lambda: public.lapse(VOUCHER, SOURCE, 1_00, act="a", **KNOWN)


@told_many_times(public.reuse_lapsed, P_lapsed=-1_00, P_budget=1_00)
def reuse_lapsed():
    races.something_lapsed()
    return lambda: public.reuse_lapsed(SOURCE, 1_00, act="a", **KNOWN)


@told_many_times(public.return_lapsed, P_lapsed=-1_00, P_world=1_00)
def return_lapsed():
    races.something_lapsed()
    return lambda: public.return_lapsed(SOURCE, 1_00, act="a", **KNOWN)


@told_many_times(public.recover, P_world=-1_00, P_budget=1_00)
def recover():
    return lambda: public.recover(SOURCE, 1_00, act="a", **KNOWN)


@told_many_times(public.refund_person, P_voucher=-1_00, P_transit=1_00)
def refund_person():
    races.a_voucher()
    return lambda: public.refund_person(VOUCHER, SOURCE, 1_00, payout="p", **KNOWN)


@told_many_times(public.person_paid, P_transit=-1_00, P_paid=1_00)
def person_paid():
    races.a_reimbursement()
    return lambda: public.person_paid("p", "holder:1", 1_00, **KNOWN)


# --- Companies' money ----------------------------------------------------------------------------------------
@told_many_times(welfare.pay_in, W_world_bank=-1_00, W_company=1_00)
def pay_in():
    return lambda: welfare.pay_in(COMPANY, 1_00, through="bank", act="a", **KNOWN)


@told_many_times(welfare.fund_package, W_company=-1_00, W_package=1_00)
def fund_package():
    races.a_company()
    return lambda: welfare.fund_package(COMPANY, PACKAGE, 1_00, act="a", **KNOWN)


@told_many_times(welfare.grant, W_package=-1_00, W_credit=1_00)
def grant():
    races.a_package()
    return lambda: welfare.grant(PACKAGE, GRANT, 1_00, **KNOWN)


@told_many_times(welfare.lapse_credit, W_credit=-1_00, W_package=1_00)
def lapse_credit():
    races.a_credit()
    return lambda: welfare.lapse_credit(PACKAGE, GRANT, 1_00, act="a", **KNOWN)


@told_many_times(welfare.empty_package, W_package=-1_00, W_company=1_00)
def empty_package():
    races.a_package()
    return lambda: welfare.empty_package(COMPANY, PACKAGE, 1_00, act="a", **KNOWN)


@told_many_times(welfare.sweep_to_bank, W_world_bank=-1_00, W_world_stripe=1_00)
def sweep_to_bank():
    races.a_company()
    return lambda: welfare.sweep_to_bank(COMPANY, 1_00, payout="p", **KNOWN)


# --- Paying out ----------------------------------------------------------------------------------------------
def a_payout(*, started: bool = False) -> Payout:
    races.a_delivery("P")
    payout = Payout("p", DISTRICT, COOP, PAYABLE["P"])
    if started:
        payouts.start_payout(payout, **DONE)
    return payout


# Without the key alone, who comes second finds nothing there any more.
@told_many_times(payouts.start_payout, guards=(KEY, LOCKS), P_payable=-10_00, P_transit=10_00)
def start_payout():
    payout = a_payout()
    return lambda: payouts.start_payout(payout, **DONE)


@told_many_times(payouts.payout_paid, guards=(KEY, LOCKS), P_transit=-10_00, P_paid=10_00)
def payout_paid():
    payout = a_payout(started=True)
    return lambda: payouts.payout_paid(payout, **DONE)


@told_many_times(payouts.payout_failed, guards=(KEY, LOCKS), P_transit=-10_00, P_payable=10_00)
def payout_failed():
    payout = a_payout(started=True)
    return lambda: payouts.payout_failed(payout, **DONE)


@told_many_times(payouts.bank_commission, C_own=-1_00, C_bank=1_00)
def bank_commission():
    races.a_delivery(commission=10_00)
    return lambda: payouts.bank_commission(ref="b", cents=1_00, **KNOWN)


@told_many_times(payouts.pay_fund, C_fund=-1_00, C_paid=1_00)
def pay_fund():
    races.a_delivery(fund=10_00)
    return lambda: payouts.pay_fund(ref="f", cents=1_00, **KNOWN)
