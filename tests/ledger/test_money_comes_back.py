"""What was paid out and comes back: once, to where it came from, and never beside its contrary."""

import pytest

from ledger import payouts, public
from ledger.payouts import Payout, PayoutNotPaid
from ledger.public import ReimbursementDecided
from ledger.take_from_sum import TooLittleThere
from ledger.verify import faults
from tests.ledger import races
from tests.ledger.races import (
    COOP,
    DISTRICT,
    DONE,
    KNOWN,
    LOCKS,
    PAYABLE,
    SOURCE,
    moved_since,
    sums,
    together,
    without,
)

pytestmark = pytest.mark.django_db(transaction=True)


# --- A payout, returned ------------------------------------------------------------------------------------------
def a_payout(book: str = "P") -> Payout:
    races.a_delivery(book)
    payout = Payout("p", DISTRICT, COOP, PAYABLE[book])
    payouts.start_payout(payout, **DONE)
    return payout


@pytest.mark.parametrize("book", "CP")
def test_what_the_bank_returned_is_payable_again_and_paid_by_another_payout(book):
    payout = a_payout(book)
    payouts.payout_paid(payout, **DONE)

    payouts.payout_returned(payout, **DONE)
    again = payouts.start_payout(Payout("q", DISTRICT, COOP, PAYABLE[book]), **DONE)

    assert (again, sums()[f"{book}.transit"], sums()[f"{book}.paid"]) == (10_00, 10_00, 0)
    assert faults() == []


@pytest.mark.parametrize("before", [[], [payouts.payout_failed]], ids=["on its way", "failed"])
def test_a_payout_that_was_not_paid_is_not_returned(before):
    payout = a_payout()
    for step in before:
        step(payout, **DONE)
    lay = sums()

    with pytest.raises(PayoutNotPaid):
        payouts.payout_returned(payout, **DONE)

    assert moved_since(lay) == {}


def test_a_returned_payout_that_is_called_failed_or_paid_moves_nothing_more():
    payout = a_payout()
    payouts.payout_paid(payout, **DONE)
    payouts.payout_returned(payout, **DONE)
    lay = sums()

    payouts.payout_failed(payout, **DONE)
    payouts.payout_paid(payout, **DONE)

    assert moved_since(lay) == {}


# --- A person's reimbursement: paid, or failed -------------------------------------------------------------------
def test_a_failed_reimbursement_of_a_voucher_that_ended_lapses():
    races.a_reimbursement()
    lay = sums()

    public.person_failed("p", to=public.public_lapsed(SOURCE), **KNOWN)

    assert moved_since(lay) == {"P.transit": -10_00, "P.lapsed": 10_00}
    assert faults() == []


def test_a_reimbursement_that_nobody_sent_does_not_fail():
    with pytest.raises(TooLittleThere):
        public.person_failed("p", **KNOWN)


def person_paid_and_failed() -> tuple[dict[str, int], set[type]]:
    races.a_reimbursement()
    before = sums()

    def tell(number: int) -> object:
        if number % 2:
            return public.person_paid("p", "holder:1", 10_00, **KNOWN)
        return public.person_failed("p", **KNOWN)

    results = together(tell)
    return moved_since(before), {type(result) for result in results if isinstance(result, Exception)}


def test_a_reimbursement_is_paid_or_failed_never_both():
    moved, refused = person_paid_and_failed()

    assert moved in ({"P.transit": -10_00, "P.paid": 10_00}, {"P.transit": -10_00, "P.voucher": 10_00})
    assert refused == {ReimbursementDecided}
    assert faults() == []


def test_control_without_the_transits_lock_the_person_is_paid_and_keeps_the_voucher():
    with without(LOCKS):
        moved, _ = person_paid_and_failed()

    assert moved == {"P.transit": -20_00, "P.paid": 10_00, "P.voucher": 10_00}
