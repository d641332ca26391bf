"""The verbs of public and companies' money in the disorder, paying out in all books, checkpoints and the sealer."""

from typing import Any

from audit.seal import seal_audit
from ledger import payouts, public, welfare
from ledger.chart import (
    card_payable,
    public_lapsed,
    public_payable,
    public_voucher,
    welfare_credit,
    welfare_package,
    welfare_payable,
)
from ledger.deliver import Capture, capture_delivery
from ledger.holds import release, set_aside
from ledger.models import Hold
from ledger.payouts import Payout
from ledger.sums import take_checkpoints
from ledger.undo import give_back_shares, undo_capture
from tests.builders import SOMEBODY
from tests.checkout.disorder import Somebody

SOURCES = ["call:1/source:1", "call:1/source:2"]
VOUCHERS = [f"voucher:{n}" for n in range(4)]
COMPANY, PACKAGES, GRANTS = "company:1", ["package:1", "package:2"], [f"grant:{n}" for n in range(4)]


class Holder(Somebody):
    """Sets money of one book aside, gives it back, and has it captured."""

    book = ""

    def known(self):
        return {"district_id": self.world.district, "by": SOMEBODY, "now": self.now}

    def hold(self, source) -> bool:
        return bool(set_aside(purpose=self.ref(), source=source, cents=self.cents(), **self.known()))

    def a_hold(self) -> Hold | None:
        return self.some(Hold.objects.filter(book=self.book, state="held"))

    def payable_of(self, hold: Hold, cooperative_id: int):
        raise NotImplementedError

    def part_of(self, hold: Hold) -> int:
        return self.cents(hold.open_cents) if self.random.random() < 0.5 else hold.open_cents

    def _capture(self) -> bool:
        if hold := self.a_hold():
            cooperative_id = self.random.choice(self.world.cooperatives)
            part = Capture(hold.pk, self.part_of(hold), self.payable_of(hold, cooperative_id))
            shares: dict[str, Any] = {
                "commission": self.random.randint(0, 50),
                "fund": self.random.randint(0, 20),
            }
            key = self.ref()
            capture_delivery([part], cooperative_id=cooperative_id, key=key, **shares, **self.known())
            self.world.deliveries.append((key, cooperative_id, shares))
            self.world.captures.append((part, key))
        return bool(hold)

    def _undo(self) -> bool:
        """Undo a capture, or a part of it, of whatever book it is."""
        if one := self.one_of(self.world.captures):
            part, key = one
            cents = self.cents(part.cents)
            return undo_capture(part.hold_id, cents, payable=part.payable, key=key, by=SOMEBODY, now=self.now)
        return False

    def _release(self, to=None) -> bool:
        if hold := self.a_hold():
            release(hold.pk, self.part_of(hold), key=self.ref(), to=to, by=SOMEBODY, now=self.now)
        return bool(hold)


class District(Holder):
    """Public money, from the act of commitment to the payable, and what lapses."""

    book = "P"

    def acts(self):
        return [self.appropriate, self.issue, self.issue, self.set_aside, self.set_aside, self.capture,
                self.release, self.release_to_lapsed, self.lapse, self.reuse, self.return_it, self.recover,
                self.refund_person, self.refund_person, self.person_paid, self.person_failed, self.undo]  # fmt: skip

    def payable_of(self, hold, cooperative_id):
        return public_payable(cooperative_id, hold.source_owner.partition("/")[2])

    def source(self) -> str:
        return self.random.choice(SOURCES)

    def voucher(self) -> str:
        return self.random.choice(VOUCHERS)

    def appropriate(self) -> bool:
        return public.appropriate(self.source(), self.cents(90_00), act=self.ref(), **self.known())

    def issue(self) -> bool:
        # One issue a voucher and source; what it was told again for another amount is a bug, so: an amount each.
        voucher, source = self.voucher(), self.source()
        cents = 50_00 + 100 * VOUCHERS.index(voucher)
        return public.issue(f"{voucher}-{self.count % 8}", source, cents, **self.known())

    def slice(self):
        return f"{self.voucher()}-{self.random.randrange(8)}", self.source()

    def set_aside(self) -> bool:
        return self.hold(public_voucher(*self.slice()))

    def capture(self) -> bool:
        return self._capture()

    def release(self) -> bool:
        return self._release()

    def release_to_lapsed(self) -> bool:
        if hold := self.a_hold():
            lapsed = public_lapsed(hold.source_owner.partition("/")[2])
            release(hold.pk, self.part_of(hold), key=self.ref(), to=lapsed, by=SOMEBODY, now=self.now)
        return bool(hold)

    def lapse(self) -> bool:
        voucher, source = self.slice()
        return public.lapse(voucher, source, self.cents(), act=self.ref(), **self.known())

    def reuse(self) -> bool:
        return public.reuse_lapsed(self.source(), self.cents(), act=self.ref(), **self.known())

    def return_it(self) -> bool:
        return public.return_lapsed(self.source(), self.cents(), act=self.ref(), **self.known())

    def recover(self) -> bool:
        return public.recover(self.source(), self.cents(), act=self.ref(), **self.known())

    def refund_person(self) -> bool:
        voucher, source = self.slice()
        ref, cents = self.ref(), self.cents()
        public.refund_person(voucher, source, cents, payout=ref, **self.known())
        self.world.persons.append((ref, cents))
        return True

    def person_paid(self) -> bool:
        if one := self.one_of(self.world.persons):
            public.person_paid(one[0], "holder:1", one[1], **self.known())
        return bool(one)

    def person_failed(self) -> bool:
        if one := self.one_of(self.world.persons):
            return public.person_failed(one[0], **self.known())
        return False

    def undo(self) -> bool:
        return self._undo()


class Company(Holder):
    """A company's money, from paying in to the payable, and what goes back."""

    book = "W"

    def acts(self):
        return [self.pay_in, self.limit, self.fund_package, self.fund_package, self.grant, self.grant,
                self.set_aside_of_a_credit, self.set_aside_of_a_credit, self.set_aside_of_a_package, self.capture,
                self.release, self.lapse_credit, self.empty_package, self.sweep_to_bank, self.undo]  # fmt: skip

    def payable_of(self, hold, cooperative_id):
        return welfare_payable(cooperative_id, COMPANY)

    def package(self) -> str:
        return self.random.choice(PACKAGES)

    def a_grant(self) -> str:
        return f"{self.random.choice(GRANTS)}-{self.random.randrange(8)}"

    def pay_in(self) -> bool:
        through = self.random.choice(["stripe", "bank"])
        return welfare.pay_in(COMPANY, self.cents(90_00), through=through, act=self.ref(), **self.known())

    def limit(self) -> bool:
        welfare.set_credit_limit(COMPANY, self.random.choice([0, 20_00, 50_00]), **self.known())
        return True

    def fund_package(self) -> bool:
        return welfare.fund_package(
            COMPANY, self.package(), self.cents(40_00), act=self.ref(), **self.known()
        )

    def grant(self) -> bool:
        # A grant is given once, out of its own package and for its own amount.
        grant = self.a_grant()
        number = int(grant.rpartition("-")[2])
        return welfare.grant(PACKAGES[number % 2], grant, 5_00 + number, **self.known())

    def set_aside_of_a_credit(self) -> bool:
        return self.hold(welfare_credit(self.a_grant()))

    def set_aside_of_a_package(self) -> bool:
        return self.hold(welfare_package(self.package()))

    def capture(self) -> bool:
        return self._capture()

    def release(self) -> bool:
        return self._release()

    def lapse_credit(self) -> bool:
        grant = self.a_grant()
        return welfare.lapse_credit(self.package(), grant, self.cents(3_00), act=self.ref(), **self.known())

    def empty_package(self) -> bool:
        return welfare.empty_package(
            COMPANY, self.package(), self.cents(3_00), act=self.ref(), **self.known()
        )

    def undo(self) -> bool:
        return self._undo()

    def sweep_to_bank(self) -> bool:
        return welfare.sweep_to_bank(COMPANY, self.cents(), payout=self.ref(), **self.known())


class Accountant(Holder):
    """Pays out in the three books, takes checkpoints, seals the audit."""

    def acts(self):
        return [self.pay_out_cards, self.pay_out_public, self.pay_out_welfare, self.paid, self.failed,
                self.returned, self.give_back_shares, self.bank, self.fund, self.checkpoint, self.seal]  # fmt: skip

    def _pay_out(self, payable, cooperative_id) -> bool:
        payout = Payout(self.ref(), self.world.district, cooperative_id, payable)
        sent = payouts.start_payout(payout, by=SOMEBODY, now=self.now)
        if sent:
            self.world.payouts.append(payout)
        return sent > 0

    def cooperative(self) -> int:
        return self.random.choice(self.world.cooperatives)

    def pay_out_cards(self) -> bool:
        cooperative_id = self.cooperative()
        return self._pay_out(card_payable(cooperative_id), cooperative_id)

    def pay_out_public(self) -> bool:
        cooperative_id = self.cooperative()
        return self._pay_out(public_payable(cooperative_id, self.random.choice(SOURCES)), cooperative_id)

    def pay_out_welfare(self) -> bool:
        cooperative_id = self.cooperative()
        return self._pay_out(welfare_payable(cooperative_id, COMPANY), cooperative_id)

    def paid(self) -> bool:
        if payout := self.one_of(self.world.payouts):
            payouts.payout_paid(payout, by=SOMEBODY, now=self.now)
            self.world.paid.append(payout)
        return bool(payout)

    def returned(self) -> bool:
        if payout := self.one_of(self.world.paid):
            payouts.payout_returned(payout, by=SOMEBODY, now=self.now)
        return bool(payout)

    def give_back_shares(self) -> bool:
        if one := self.one_of(self.world.deliveries):
            delivery, cooperative_id, shares = one
            return give_back_shares(
                delivery, cooperative_id=cooperative_id, ref=self.ref(), **shares, **self.known()
            )
        return False

    def failed(self) -> bool:
        if payout := self.one_of(self.world.payouts):
            payouts.payout_failed(payout, by=SOMEBODY, now=self.now)
        return bool(payout)

    def bank(self) -> bool:
        return payouts.bank_commission(ref=self.ref(), cents=self.cents(1_00), **self.known())

    def fund(self) -> bool:
        return payouts.pay_fund(ref=self.ref(), cents=self.cents(20), **self.known())

    def checkpoint(self) -> bool:
        return take_checkpoints(self.now) > 0

    def seal(self) -> bool:
        return seal_audit(self.now, batch=200, most=200) > 0
