"""Undone, given back, owed, returned, in any order and too much: the equations of the books hold all the same."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import card, payouts, public, undo
from ledger.models import Entry, Hold
from ledger.payouts import Payout, PayoutNotPaid
from ledger.public import ReimbursementDecided
from ledger.take_from_sum import TooLittleThere
from ledger.undo import SharesNotTaken
from ledger.verify import faults
from tests.ledger import races
from tests.ledger.races import COOP, DISTRICT, DONE, KNOWN, PAYABLE, SOURCE, VOUCHER, sums

pytestmark = pytest.mark.django_db

REFUSED = (ValueError, PayoutNotPaid, TooLittleThere, SharesNotTaken)
ACTS = ["undo", "refund", "owed", "shares", "pay", "paid", "failed", "returned"]
steps = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from("CPW"), st.integers(1, 6_00)), max_size=14)


def do(act: str, book: str, cents: int, holds: dict[str, int], ref: str) -> None:
    payout = Payout(f"{book}-{cents % 3}", DISTRICT, COOP, PAYABLE[book])
    match act:
        case "undo":
            undo.undo_capture(holds[book], cents, payable=PAYABLE[book], key=ref, **DONE)
        case "refund":
            card.ask_refund_of_delivered(holds["C"], cents, cooperative_id=COOP, refund=ref, **DONE)
        case "owed":
            card.dispute_owed(dispute=ref, hold_id=holds["C"], cents=cents, cooperative_id=COOP, **DONE)
        case "shares":
            undo.give_back_shares(
                f"delivery:{holds['C']}",
                cooperative_id=COOP,
                commission=cents,
                fund=cents // 2,
                ref=ref,
                **KNOWN,
            )
        case "pay":
            payouts.start_payout(payout, **DONE)
        case _:
            getattr(payouts, f"payout_{act}")(payout, **DONE)


@given(steps=steps)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_cooperative_has_is_what_is_captured_less_its_shares(steps):
    with transaction.atomic():
        holds = {"C": races.a_delivery(commission=3_00, fund=1_00)}
        holds |= {book: races.a_delivery(book) for book in "PW"}
        for number, (act, book, cents) in enumerate(steps):
            with suppress(*REFUSED), transaction.atomic():
                do(act, book, cents, holds, f"n{number}")

        said = sums()
        shares = said["C.own"] - _owed() + said["C.fund"]
        for book in "CPW":
            captured = Hold.objects.filter(book=book).aggregate(cents=Sum("captured_cents"))["cents"]
            has = sum(said.get(f"{book}.{kind}", 0) for kind in ("payable", "due", "transit", "paid"))
            assert has == captured - (shares if book == "C" else 0)
            assert said.get(f"{book}.due", 0) <= 0
        assert said.get("W.transit", 0) + said.get("W.paid", 0) <= -said["W.world_bank"]
        assert 0 <= said["C.fund"] <= 1_00
        assert faults() == []
        transaction.set_rollback(True)


def _owed() -> int:
    """What disputes brought into the platform's own."""
    found = Entry.objects.filter(transfer__key__startswith="dispute-owed:", account__kind="own")
    return sum(found.values_list("cents", flat=True))


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["asked", "paid", "failed"]), st.integers(0, 2), st.integers(1, 6_00)),
        max_size=14,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_person_is_reimbursed_leaves_the_voucher_once_or_comes_back(steps):
    with transaction.atomic():
        races.a_voucher(10_00)
        asked: dict[str, int] = {}
        for act, number, cents in steps:
            ref = f"r{number}"
            with (
                suppress(ValueError, TooLittleThere, ReimbursementDecided, IntegrityError),
                transaction.atomic(),
            ):
                if act == "asked" and ref not in asked:
                    public.refund_person(VOUCHER, SOURCE, cents, payout=ref, **KNOWN)
                    asked[ref] = cents
                elif act == "paid":
                    public.person_paid(ref, "holder:1", asked.get(ref, cents), **KNOWN)
                elif act == "failed":
                    public.person_failed(ref, **KNOWN)

        said = sums()
        parts = [said.get(f"P.{kind}", 0) for kind in ("voucher", "transit", "paid")]
        assert sum(parts) == 10_00
        assert min(parts) >= 0
        assert faults() == []
        transaction.set_rollback(True)
