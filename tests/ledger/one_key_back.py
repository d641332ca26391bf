"""Verbs by which money comes back, arranged to be told many times with one key: as in ``one_key``."""

from ledger import card, payouts, public, undo
from tests.ledger import races
from tests.ledger.one_key import RACES, a_payout, told_many_times
from tests.ledger.races import COOP, DONE, KEY, KNOWN, LOCKS, PAYABLE

__all__ = ["RACES"]


@told_many_times(payouts.payout_returned, P_paid=-10_00, P_payable=10_00)
def payout_returned():
    payout = a_payout(started=True)
    payouts.payout_paid(payout, **DONE)
    return lambda: payouts.payout_returned(payout, **DONE)


# Without the key alone, who comes second finds nothing on its way any more.
@told_many_times(public.person_failed, guards=(KEY, LOCKS), P_transit=-10_00, P_voucher=10_00)
def person_failed():
    races.a_reimbursement()
    return lambda: public.person_failed("p", **KNOWN)


@told_many_times(card.dispute_owed, C_due=-1_00, C_own=1_00)
def dispute_owed():
    hold_id = races.a_delivery_in_dispute()
    return lambda: card.dispute_owed(
        dispute="dispute:1", hold_id=hold_id, cents=1_00, cooperative_id=COOP, **DONE
    )


@told_many_times(undo.undo_capture, P_payable=-1_00, P_voucher=1_00)
def undo_capture():
    hold_id = races.a_delivery("P")
    return lambda: undo.undo_capture(hold_id, 1_00, payable=PAYABLE["P"], key="k", **DONE)


@told_many_times(undo.give_back_shares, C_own=-5, C_fund=-2, C_payable=7)
def give_back_shares():
    hold_id = races.a_delivery(commission=1_00, fund=1_00)
    return lambda: undo.give_back_shares(
        f"delivery:{hold_id}", cooperative_id=COOP, commission=5, fund=2, ref="r", **KNOWN
    )
