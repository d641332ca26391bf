"""A payout of companies' money takes no more than that company has paid in."""

import pytest

from ledger import payouts, undo, welfare
from ledger.chart import welfare_credit, welfare_payable
from ledger.deliver import Capture, capture_delivery
from ledger.holds import set_aside
from ledger.payouts import Payout
from ledger.verify import faults
from tests.ledger.races import (
    COMPANY,
    DISTRICT,
    DONE,
    KNOWN,
    LOCKS,
    MANY,
    PACKAGE,
    moved_since,
    sums,
    together,
    without,
)

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "company:2"


def earned(cooperative_id: int, cents: int, *, company: str = COMPANY) -> int:
    """A cooperative has delivered on a company's credit limit; return the hold."""
    ref = f"{company}-{cooperative_id}"
    welfare.set_credit_limit(company, 100_00, **KNOWN)
    welfare.fund_package(company, f"{PACKAGE}-{ref}", cents, act=ref, **KNOWN)
    welfare.grant(f"{PACKAGE}-{ref}", ref, cents, **KNOWN)
    hold = set_aside(purpose=ref, source=welfare_credit(ref), cents=cents, **KNOWN)
    part = Capture(hold.pk, cents, welfare_payable(cooperative_id, company))
    capture_delivery([part], cooperative_id=cooperative_id, commission=0, key=ref, **KNOWN)
    return hold.pk


def payout_to(cooperative_id: int, ref: str = "p", *, company: str = COMPANY) -> Payout:
    return Payout(
        f"{ref}-{cooperative_id}", DISTRICT, cooperative_id, welfare_payable(cooperative_id, company)
    )


def pays_in(cents: int, *, company: str = COMPANY, through: str = "bank", act: str = "invoice:1") -> None:
    welfare.pay_in(company, cents, through=through, act=act, **KNOWN)


def start(payout: Payout) -> int:
    return payouts.start_payout(payout, **DONE)


def test_a_payout_takes_what_is_covered_and_the_rest_stays_payable():
    earned(1, 10_00)
    pays_in(4_00)

    assert start(payout_to(1)) == 4_00
    assert (start(payout_to(1)), start(payout_to(1, "q"))) == (4_00, 0)
    assert sums()["W.payable"] == 6_00

    pays_in(10_00, act="invoice:2")
    assert start(payout_to(1, "q")) == 6_00
    assert faults() == []


def test_another_companys_money_covers_nothing():
    earned(1, 10_00)
    pays_in(10_00, company=OTHER)
    lay = sums()

    assert start(payout_to(1)) == 0

    assert moved_since(lay) == {}


def test_what_stripe_holds_covers_once_it_is_swept_to_the_bank():
    earned(1, 10_00)
    pays_in(10_00, through="stripe")
    assert start(payout_to(1)) == 0

    welfare.sweep_to_bank(COMPANY, 7_00, payout="po", **KNOWN)

    assert start(payout_to(1)) == 7_00


@pytest.mark.parametrize("comes_back", [["failed"], ["paid", "returned"]], ids=" then ".join)
def test_what_came_back_covers_again_and_what_was_paid_does_not(comes_back):
    earned(1, 10_00)
    earned(2, 10_00)
    pays_in(10_00)
    start(payout_to(1))
    assert start(payout_to(2)) == 0

    for step in comes_back:
        getattr(payouts, f"payout_{step}")(payout_to(1), **DONE)

    assert start(payout_to(2)) == 10_00
    assert faults() == []


def test_a_debt_to_one_company_is_not_paid_with_anothers_money():
    hold_id = earned(1, 10_00)
    pays_in(10_00)
    start(payout_to(1))
    undo.undo_capture(hold_id, 10_00, payable=welfare_payable(1, COMPANY), key="k", **DONE)
    earned(1, 10_00, company=OTHER)
    pays_in(10_00, company=OTHER, act="invoice:2")

    assert start(payout_to(1, "q", company=OTHER)) == 10_00
    assert sums()["W.due"] == -10_00


# --- Eight cooperatives want three euro each of the ten that the company has paid in -------------------------------
def eight_want_their_share() -> dict[str, int]:
    for number in range(MANY):
        earned(number, 3_00)
    pays_in(10_00)
    before = sums()
    together(lambda number: start(payout_to(number)))
    return moved_since(before)


def test_eight_payouts_share_what_a_company_has_paid_in():
    assert eight_want_their_share() == {"W.payable": -10_00, "W.transit": 10_00}

    assert faults() == []


def test_control_without_the_companys_lock_they_pay_out_what_it_never_paid():
    with without(LOCKS):
        assert eight_want_their_share() == {"W.payable": -24_00, "W.transit": 24_00}
