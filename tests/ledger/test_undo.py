"""A delivery undone: the tender is whole again, and no share comes back twice."""

from typing import Any

import pytest

from ledger import card, payouts, undo
from ledger.chart import public_lapsed
from ledger.models import Hold
from ledger.payouts import Payout
from ledger.take_from_sum import TooLittleThere
from ledger.undo import SharesNotTaken
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

POT = {"P": "P.voucher", "W": "W.credit"}


def undone(hold_id: int, cents: int, book: str, key: str = "k", **more: Any) -> bool:
    return undo.undo_capture(hold_id, cents, payable=PAYABLE[book], key=key, **more, **DONE)


@pytest.mark.parametrize("book", "PW")
def test_part_of_a_capture_goes_back_to_where_it_came_from(book):
    hold_id = races.a_delivery(book)
    lay = sums()

    assert undone(hold_id, 4_00, book)

    hold = Hold.objects.get()
    assert moved_since(lay) == {f"{book}.payable": -4_00, POT[book]: 4_00}
    assert (hold.captured_cents, hold.released_cents) == (6_00, 4_00)
    assert faults() == []


@pytest.mark.parametrize("book", "PW")
def test_what_was_paid_out_already_is_a_debt_that_the_next_payout_nets(book):
    hold_id = races.a_delivery(book)
    payouts.start_payout(Payout("p", DISTRICT, COOP, PAYABLE[book]), **DONE)
    lay = sums()

    undone(hold_id, 4_00, book)

    assert moved_since(lay) == {f"{book}.due": -4_00, POT[book]: 4_00}
    assert not undone(hold_id, 4_00, book)
    assert faults() == []


def test_a_capture_of_a_voucher_that_ended_lapses():
    hold_id = races.a_delivery("P")
    lay = sums()

    undone(hold_id, 10_00, "P", to=public_lapsed(SOURCE))

    assert moved_since(lay) == {"P.payable": -10_00, "P.lapsed": 10_00}
    assert faults() == []


def test_neither_more_than_was_captured_nor_a_cards_is_undone():
    hold_id, card_hold = races.a_delivery("P"), races.a_delivery("C")
    lay = sums()

    with pytest.raises(ValueError, match="1000 captured, 1001 to undo"):
        undone(hold_id, 10_01, "P")
    with pytest.raises(ValueError, match="refunded, not undone"):
        undone(card_hold, 1_00, "C")

    assert moved_since(lay) == {}


# --- Shares ------------------------------------------------------------------------------------------------------
def back(hold_id: int, ref: str, *, commission: int = 0, fund: int = 0) -> bool:
    return undo.give_back_shares(
        f"delivery:{hold_id}", cooperative_id=COOP, commission=commission, fund=fund, ref=ref, **KNOWN
    )


def test_a_refunded_delivery_costs_the_cooperative_nothing():
    hold_id = races.a_delivery(commission=50, fund=20)

    card.ask_refund_of_delivered(hold_id, 10_00, cooperative_id=COOP, refund="r", **DONE)
    back(hold_id, "r", commission=50, fund=20)

    assert sums()["C.payable"] + sums()["C.due"] == 0
    assert (sums()["C.own"], sums()["C.fund"], sums()["C.refund"]) == (0, 0, 10_00)
    assert faults() == []


@pytest.mark.parametrize("more", [{"commission": 31}, {"fund": 21}])
def test_no_more_comes_back_than_that_delivery_gave(more):
    hold_id = races.a_delivery(commission=50, fund=20)
    races.a_delivery(commission=5_00, fund=5_00)
    back(hold_id, "first", commission=20)
    lay = sums()

    with pytest.raises(SharesNotTaken):
        back(hold_id, "second", **more)

    assert moved_since(lay) == {}
    assert faults() == []


def test_what_the_foundation_has_does_not_come_back():
    hold_id = races.a_delivery(fund=20)
    payouts.pay_fund(ref="f", cents=20, **KNOWN)
    lay = sums()

    with pytest.raises(TooLittleThere):
        back(hold_id, "r", fund=20)

    assert moved_since(lay) == {}


def fund_paid_and_given_back() -> tuple[dict[str, int], set[type]]:
    hold_id = races.a_delivery(fund=10_00)
    before = sums()

    def want(number: int) -> object:
        if number % 2:
            return payouts.pay_fund(ref="f", cents=10_00, **KNOWN)
        return back(hold_id, "r", fund=10_00)

    results = together(want)
    return moved_since(before), {type(result) for result in results if isinstance(result, Exception)}


def test_the_fund_is_paid_or_given_back_never_both():
    moved, refused = fund_paid_and_given_back()

    assert moved in ({"C.fund": -10_00, "C.paid": 10_00}, {"C.fund": -10_00, "C.payable": 10_00})
    assert refused == {TooLittleThere}
    assert faults() == []


def test_control_without_the_funds_lock_it_is_both():
    with without(LOCKS):
        moved, _ = fund_paid_and_given_back()

    assert moved == {"C.fund": -20_00, "C.paid": 10_00, "C.payable": 10_00}
