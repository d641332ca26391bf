"""A lost dispute over a service that is not proven: the cooperative owes what it had captured."""

import pytest

from ledger import card, payouts
from ledger.card import DisputeDecided
from ledger.deliver import Capture, capture_delivery
from ledger.models import Hold, HoldFrozen
from ledger.payouts import Payout
from ledger.verify import faults
from tests.ledger import races
from tests.ledger.races import (
    COOP,
    DISTRICT,
    DONE,
    KNOWN,
    LOCKS,
    PAYABLE,
    moved_since,
    sums,
    together,
    without,
)

pytestmark = pytest.mark.django_db(transaction=True)


def owed(hold_id: int, cents: int = 10_00) -> bool:
    return card.dispute_owed(dispute="dispute:1", hold_id=hold_id, cents=cents, cooperative_id=COOP, **DONE)


def test_what_is_owed_leaves_the_payable_alone_and_is_netted_by_the_next_payout():
    hold_id = races.a_delivery_in_dispute()
    lay = sums()

    owed(hold_id)

    assert moved_since(lay) == {"C.due": -10_00, "C.own": 10_00}
    assert payouts.start_payout(Payout("p", DISTRICT, COOP, PAYABLE["C"]), **DONE) == 0
    assert (sums()["C.payable"], sums()["C.due"]) == (0, 0)
    assert faults() == []


def test_what_is_owed_is_not_captured_any_more_and_the_hold_moves_again():
    hold_id = races.a_delivery_in_dispute()

    owed(hold_id, 4_00)

    hold = Hold.objects.get()
    assert (hold.captured_cents, hold.released_cents, hold.frozen) == (6_00, 4_00, False)
    with pytest.raises(ValueError, match="600 captured, 700 to undo"):
        card.ask_refund_of_delivered(hold_id, 7_00, cooperative_id=COOP, refund="r", **DONE)
    assert faults() == []


def a_half_captured_hold_in_dispute() -> int:
    hold_id = races.a_hold()
    part = Capture(hold_id, 6_00, PAYABLE["C"])
    capture_delivery([part], cooperative_id=COOP, commission=0, key="half", **KNOWN)
    card.dispute_opened(dispute="dispute:1", cents=10_00, fee=0, hold_ids=[hold_id], **KNOWN)
    return hold_id


def test_what_is_open_makes_good_first():
    hold_id = a_half_captured_hold_in_dispute()
    lay = sums()

    with pytest.raises(HoldFrozen):
        owed(hold_id, 6_00)

    assert moved_since(lay) == {}
    card.dispute_lost(dispute="dispute:1", hold_id=hold_id, cents=4_00, **DONE)
    owed(hold_id, 6_00)
    assert moved_since(lay) == {"C.held": -4_00, "C.due": -6_00, "C.own": 10_00}
    assert faults() == []


def test_more_than_was_captured_is_not_owed():
    hold_id = races.a_delivery_in_dispute()
    lay = sums()

    with pytest.raises(ValueError, match="1000 captured, 1001 to undo"):
        owed(hold_id, 10_01)

    assert moved_since(lay) == {}
    assert Hold.objects.get().frozen


def won_and_owed() -> tuple[dict[str, int], set[type]]:
    hold_id = races.a_delivery_in_dispute()
    before = sums()

    def tell(number: int) -> None:
        if number % 2:
            card.dispute_won(dispute="dispute:1", cents=10_00, hold_ids=[hold_id], **KNOWN)
        else:
            owed(hold_id)

    results = together(tell)
    return moved_since(before), {type(result) for result in results if isinstance(result, Exception)}


def test_a_dispute_is_won_or_owed_never_both():
    moved, refused = won_and_owed()

    assert moved in ({"C.world": -10_00, "C.own": 10_00}, {"C.due": -10_00, "C.own": 10_00})
    assert refused == {DisputeDecided}
    assert faults() == []


def test_control_without_the_holds_lock_the_platform_gains_twice():
    with without(LOCKS):
        moved, _ = won_and_owed()

    assert moved == {"C.world": -10_00, "C.due": -10_00, "C.own": 20_00}
