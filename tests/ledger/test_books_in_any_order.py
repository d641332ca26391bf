"""Every event of the books, in any order, twice, too much: against a model that knows only plain sums.

The model shares no code with the ledger. Each rule says what should happen to plain numbers; after each step the
books must say the same, and ``verify_ledger`` must find nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger import card, chart, holds, payouts, public, welfare
from ledger.deliver import Capture, capture_delivery
from ledger.models import Account, Entry, Hold, HoldFrozen, HoldTooSmall
from ledger.post import Move, post_move
from ledger.sums import lies_in, take_checkpoints
from ledger.verify import faults
from tests.builders import NOW, SOMEBODY

pytestmark = pytest.mark.django_db

DISTRICT, COOP = 1, 7
SOURCE, VOUCHER = "call:1/source:1", "voucher:1"
COMPANY, PACKAGE, GRANT = "company:1", "package:1", "grant:1"
REFUSED = (IntegrityError, HoldTooSmall, HoldFrozen, ValueError)

cents = st.integers(1, 50_00)


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOW
        self.step = 0
        self.plain: Counter[str] = Counter()
        self.open: dict[int, dict[str, Any]] = {}
        self.on_the_way: dict[str, int] = {}
        self.back: dict[str, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # --- What every rule needs -----------------------------------------------------------------------------
    def ref(self) -> str:
        self.step += 1
        self.now += timedelta(minutes=1)
        return f"n{self.step}"

    def move(self, source: str, target: str, amount: int) -> None:
        self.plain[source] -= amount
        self.plain[target] += amount

    def does(self, act: Callable[[], object], *, allowed: bool) -> bool:
        """Do it twice, as a retry would; a refusal must leave no trace. Return whether it went through."""
        try:
            with transaction.atomic():
                act()
        except REFUSED:
            assert not allowed, "the books refused what the model allows"
            return False
        assert allowed, "the books allowed what the model refuses"
        with transaction.atomic():
            act()
        return True

    def known(self) -> dict[str, Any]:
        return {"district_id": DISTRICT, "by": SOMEBODY, "now": self.now}

    # --- Public money --------------------------------------------------------------------------------------
    @rule(amount=cents)
    def appropriate(self, amount: int) -> None:
        act = self.ref()
        self.does(lambda: public.appropriate(SOURCE, amount, act=act, **self.known()), allowed=True)
        self.move("P.world", "P.budget", amount)

    @rule(amount=cents)
    def issue(self, amount: int) -> None:
        voucher = f"{VOUCHER}-{self.ref()}"
        fits = self.plain["P.budget"] >= amount
        if self.does(lambda: public.issue(voucher, SOURCE, amount, **self.known()), allowed=fits):
            self.move("P.budget", "P.voucher", amount)
            act = self.ref()
            # Everything is spent through one voucher: the others put what they have back and into it.
            public.lapse(voucher, SOURCE, amount, act=act, **self.known())
            public.reuse_lapsed(SOURCE, amount, act=act, **self.known())
            first = f"{VOUCHER}/{self.ref()}"
            post_move(
                "issue",
                first,
                Move(chart.public_budget(SOURCE), chart.public_voucher(VOUCHER, SOURCE), amount),
                **self.known(),
            )

    @rule(amount=cents)
    def lapse(self, amount: int) -> None:
        act = self.ref()
        fits = self.plain["P.voucher"] >= amount
        if self.does(lambda: public.lapse(VOUCHER, SOURCE, amount, act=act, **self.known()), allowed=fits):
            self.move("P.voucher", "P.lapsed", amount)

    # --- Companies' money ----------------------------------------------------------------------------------
    @rule(amount=cents)
    def pay_in_and_grant(self, amount: int) -> None:
        act = self.ref()

        def act_out() -> None:
            welfare.pay_in(COMPANY, amount, through="bank", act=act, **self.known())
            welfare.fund_package(COMPANY, PACKAGE, amount, act=act, **self.known())
            post_move(
                "grant",
                f"{GRANT}:{act}",
                Move(chart.welfare_package(PACKAGE), chart.welfare_credit(GRANT), amount),
                **self.known(),
            )

        self.does(act_out, allowed=True)
        self.move("W.world", "W.credit", amount)

    @rule(amount=cents)
    def lapse_credit(self, amount: int) -> None:
        act = self.ref()
        fits = self.plain["W.credit"] >= amount
        if self.does(
            lambda: welfare.lapse_credit(PACKAGE, GRANT, amount, act=act, **self.known()), allowed=fits
        ):
            self.move("W.credit", "W.package", amount)

    # --- Holds ---------------------------------------------------------------------------------------------
    @rule(amount=cents)
    def hold_card(self, amount: int) -> None:
        hold = holds.ask_card_hold(district_id=DISTRICT, purpose=self.ref(), cents=amount)
        self.does(lambda: holds.fund_card_hold(hold.pk, by=SOMEBODY, now=self.now), allowed=True)
        self.move("C.world", "C.held", amount)
        self.open[hold.pk] = {"book": "C", "open": amount, "captured": 0, "frozen": False}

    @rule(amount=cents, book=st.sampled_from(["P", "W"]))
    def hold_tender(self, amount: int, book: str) -> None:
        purpose = self.ref()
        source = chart.public_voucher(VOUCHER, SOURCE) if book == "P" else chart.welfare_credit(GRANT)
        pot = "P.voucher" if book == "P" else "W.credit"
        fits = self.plain[pot] >= amount
        if self.does(
            lambda: holds.set_aside(purpose=purpose, source=source, cents=amount, **self.known()),
            allowed=fits,
        ):
            self.move(pot, f"{book}.held", amount)
            hold = Hold.objects.get(purpose=purpose)
            self.open[hold.pk] = {"book": book, "open": amount, "captured": 0, "frozen": False}

    @precondition(lambda self: self.open)
    @rule(data=st.data(), amount=cents, commission=st.integers(0, 5_00), fund=st.integers(0, 1_00))
    def deliver(self, data: st.DataObject, amount: int, commission: int, fund: int) -> None:
        pk = data.draw(st.sampled_from(sorted(self.open)))
        hold, key = self.open[pk], self.ref()
        book = str(hold["book"])
        payable = {
            "C": chart.card_payable(COOP),
            "P": chart.public_payable(COOP, SOURCE),
            "W": chart.welfare_payable(COOP, COMPANY),
        }[book]
        fits = not hold["frozen"] and int(hold["open"]) >= amount
        parts = [Capture(pk, amount, payable)]
        if self.does(
            lambda: capture_delivery(
                parts, cooperative_id=COOP, commission=commission, fund=fund, key=key, **self.known()
            ),
            allowed=fits,
        ):
            hold["open"], hold["captured"] = int(hold["open"]) - amount, int(hold["captured"]) + amount
            self.move(f"{book}.held", f"{book}.payable", amount)
            self.take_from_cooperative("C", commission, "C.own")
            self.take_from_cooperative("C", fund, "C.fund")

    def take_from_cooperative(self, book: str, amount: int, target: str) -> None:
        there = min(amount, max(0, self.plain[f"{book}.payable"]))
        self.move(f"{book}.payable", target, there)
        self.move(f"{book}.due", target, amount - there)

    @precondition(lambda self: any(h["book"] != "C" for h in self.open.values()))
    @rule(data=st.data(), amount=cents)
    def release(self, data: st.DataObject, amount: int) -> None:
        pk = data.draw(st.sampled_from(sorted(k for k, h in self.open.items() if h["book"] != "C")))
        hold, key = self.open[pk], self.ref()
        fits = int(hold["open"]) >= amount
        if self.does(lambda: holds.release(pk, amount, key=key, by=SOMEBODY, now=self.now), allowed=fits):
            hold["open"] = int(hold["open"]) - amount
            pot = "P.voucher" if hold["book"] == "P" else "W.credit"
            self.move(f"{hold['book']}.held", pot, amount)

    # --- Refunds and disputes ------------------------------------------------------------------------------
    @precondition(lambda self: any(h["book"] == "C" for h in self.open.values()))
    @rule(data=st.data(), amount=cents, delivered=st.booleans())
    def refund(self, data: st.DataObject, amount: int, delivered: bool) -> None:
        pk = data.draw(st.sampled_from(sorted(k for k, h in self.open.items() if h["book"] == "C")))
        hold, ref = self.open[pk], self.ref()
        if delivered:
            fits = int(hold["captured"]) >= amount
            went = self.does(
                lambda: card.ask_refund_of_delivered(
                    pk, amount, cooperative_id=COOP, refund=ref, by=SOMEBODY, now=self.now
                ),
                allowed=fits,
            )
            if went:
                hold["captured"] = int(hold["captured"]) - amount
                self.take_from_cooperative("C", amount, "C.refund")
        else:
            fits = not hold["frozen"] and int(hold["open"]) >= amount
            went = self.does(
                lambda: card.ask_refund(pk, amount, refund=ref, by=SOMEBODY, now=self.now), allowed=fits
            )
            if went:
                hold["open"] = int(hold["open"]) - amount
                self.move("C.held", "C.refund", amount)
        if went:
            self.back[ref] = amount

    @precondition(lambda self: self.back)
    @rule(data=st.data(), bounces=st.booleans())
    def refund_ends(self, data: st.DataObject, bounces: bool) -> None:
        ref = data.draw(st.sampled_from(sorted(self.back)))
        known = {"refund": ref, "cents": self.back.pop(ref), **self.known()}
        self.does(lambda: card.refund_done(**known), allowed=True)
        self.move("C.refund", "C.world", known["cents"])
        if bounces:
            self.does(lambda: card.refund_bounced(**known), allowed=True)
            self.does(lambda: card.refund_by_hand(**known), allowed=True)
            self.move("C.world", "C.own", known["cents"])

    @precondition(
        lambda self: any(h["book"] == "C" and h["open"] and not h["frozen"] for h in self.open.values())
    )
    @rule(data=st.data(), won=st.booleans())
    def dispute(self, data: st.DataObject, won: bool) -> None:
        pk = data.draw(
            st.sampled_from(
                sorted(k for k, h in self.open.items() if h["book"] == "C" and h["open"] and not h["frozen"])
            )
        )
        hold, ref = self.open[pk], self.ref()
        amount = int(hold["open"])
        known = {"dispute": ref, "cents": amount, "hold_ids": [pk], **self.known()}
        self.does(lambda: card.dispute_opened(fee=15_00, **known), allowed=True)
        self.move("C.own", "C.world", amount)
        self.move("C.own", "C.fees", 15_00)
        with pytest.raises(HoldFrozen), transaction.atomic():
            card.ask_refund(pk, 1, refund=f"{ref}-r", by=SOMEBODY, now=self.now)
        if won:
            self.does(lambda: card.dispute_won(**known), allowed=True)
            self.move("C.world", "C.own", amount)
        else:
            self.does(
                lambda: card.dispute_lost(dispute=ref, hold_id=pk, cents=amount, by=SOMEBODY, now=self.now),
                allowed=True,
            )
            self.move("C.held", "C.own", amount)
            hold["open"] = 0

    # --- Paying out ----------------------------------------------------------------------------------------
    @rule(book=st.sampled_from(["C", "P", "W"]), fails=st.booleans())
    def pay_out(self, book: str, fails: bool) -> None:
        payable = {
            "C": chart.card_payable(COOP),
            "P": chart.public_payable(COOP, SOURCE),
            "W": chart.welfare_payable(COOP, COMPANY),
        }[book]
        payout = payouts.Payout(self.ref(), DISTRICT, COOP, payable)
        earned = max(0, self.plain[f"{book}.payable"])
        netted = min(earned, max(0, -self.plain[f"{book}.due"]))
        self.does(lambda: payouts.start_payout(payout, by=SOMEBODY, now=self.now), allowed=True)
        self.move(f"{book}.payable", f"{book}.due", netted)
        end = payouts.payout_failed if fails else payouts.payout_paid
        self.does(lambda: end(payout, by=SOMEBODY, now=self.now), allowed=True)
        if not fails:
            self.move(f"{book}.payable", f"{book}.paid", earned - netted)

    @rule()
    def checkpoint(self) -> None:
        take_checkpoints(self.now)

    # --- What must always hold -----------------------------------------------------------------------------
    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        said: Counter[str] = Counter()
        for account in Account.objects.all():
            said[f"{account.book}.{account.kind}"] += lies_in(DISTRICT, account.name)
        assert {k: v for k, v in said.items() if v} == {k: v for k, v in self.plain.items() if v}

    @invariant()
    def nothing_is_wrong(self) -> None:
        assert faults() == []

    @invariant()
    def every_book_sums_to_zero_and_what_is_inside_came_from_outside(self) -> None:
        for book in "CPW":
            assert sum(v for k, v in self.plain.items() if k.startswith(book)) == 0
        inside = sum(v for k, v in self.plain.items() if k.startswith("P.") and k != "P.world")
        assert inside == -self.plain["P.world"]

    @invariant()
    def a_hold_is_whole_to_the_cent(self) -> None:
        for hold in Hold.objects.all():
            assert hold.open_cents == self.open[hold.pk]["open"]
            assert hold.captured_cents == self.open[hold.pk]["captured"]
            assert hold.amount_cents == hold.open_cents + hold.captured_cents + hold.released_cents


def test_the_books_are_right_whatever_happens_in_whatever_order():
    before = Entry.objects.count()

    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert Entry.objects.count() == before
