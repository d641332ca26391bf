"""Step 3: vouchers, in the holder's order, over what company shares leave due.

A voucher pays at most what is due less its own co-payment, within its call's limit; all vouchers of a line
together at most what is due less the largest co-payment among them. Who pays where is a maximal flow.

**Whose co-payment counts.** At first that of every voucher that could pay something of the line. If the one with
the largest ends up paying nothing there, the family would owe a co-payment to a voucher it does not use: of
100 €, a first voucher asking 20 % would pay 50 € only because a second, asking 50 %, exists. So such a voucher is
taken off that line, and what now fits is added to the flow. No line gets less by that, so its co-payment stays
used by nobody; no prefix of the order pays less; and it ends because pairs only go away.
"""

from collections.abc import Iterable, Sequence

from ledger.allocation.flow import Flow
from ledger.allocation.tenders import Edits, Line, VoucherBalance
from ledger.allocation.terms import first_failed


def in_order(vouchers: Iterable[VoucherBalance], edits: Edits) -> list[VoucherBalance]:
    """Return vouchers in the order they are spent: solidarity last; the holder's order; expiry; id."""
    return sorted(vouchers, key=lambda v: (v.solidarity, edits.rank(v.id), v.terms.ends, v.id))


class Spending:
    """Vouchers in their order against lines in theirs; what may be paid, and then what is, in cents."""

    def __init__(
        self, vouchers: Sequence[VoucherBalance], lines: Sequence[Line], dues: Sequence[int], edits: Edits
    ) -> None:
        self.vouchers, self.dues = vouchers, dues
        self.balances = [edits.usable(voucher.id, voucher.balance) for voucher in vouchers]
        self.failed = [[first_failed(voucher.terms, line) for line in lines] for voucher in vouchers]
        self.most = [
            [
                voucher.most_of(line.id, due) if balance and rule is None else 0
                for line, due, rule in zip(lines, dues, failed, strict=True)
            ]
            for voucher, balance, failed in zip(vouchers, self.balances, self.failed, strict=True)
        ]
        self.rooms = [self._room(line) for line in range(len(dues))]

    def without(self, lines: Iterable[int]) -> Flow:
        """Return the flow when those lines are paid otherwise."""
        rooms = list(self.rooms)
        for line in lines:
            rooms[line] = 0
        return Flow(self.balances, rooms, self.most)

    def bound(self, near: Iterable[int]) -> tuple[int, list[int]]:
        """Return a cut as a linear bound: no flow is above the first number plus those of its lines.

        ``near`` are the payers on the near side; the others count with all they have.
        """
        rows = [self.most[payer] for payer in near]
        per_line = [min(room, sum(row[line] for row in rows)) for line, room in enumerate(self.rooms)]
        return sum(self.balances) - sum(self.balances[payer] for payer in near), per_line

    def settle(self, paid_otherwise: Iterable[int]) -> Flow:
        """Take those lines away, free the rest of co-payments nobody uses, and return the flow."""
        for line in paid_otherwise:
            self.rooms[line] = 0
            for row in self.most:
                row[line] = 0
        flow = Flow(self.balances, self.rooms, self.most)
        while idle := [pair for line in range(len(self.dues)) for pair in self._idle(flow, line)]:
            for payer, line in idle:
                self.most[payer][line] = 0
                flow.close(payer, line)
            for line in {line for _, line in idle}:
                room = self._room(line)
                flow.room[line] += room - self.rooms[line]
                self.rooms[line] = room
            flow.fill()
        return flow

    def largest_copay(self, line: int) -> int:
        """Return the largest co-payment of the line's vouchers, in basis points."""
        return max((v.copay for v, row in zip(self.vouchers, self.most, strict=True) if row[line]), default=0)

    def _room(self, line: int) -> int:
        due = self.dues[line]
        shares = [v.own_share_of(due) for v, row in zip(self.vouchers, self.most, strict=True) if row[line]]
        return due - max(shares) if shares else 0

    def _idle(self, flow: Flow, line: int) -> list[tuple[int, int]]:
        """Return vouchers that pay nothing of a full line and ask more of the family than those that do."""
        paying = [v.copay for v, paid in zip(self.vouchers, flow.paid, strict=True) if paid[line]]
        if flow.room[line] or not paying:
            return []
        return [
            (payer, line)
            for payer, voucher in enumerate(self.vouchers)
            if self.most[payer][line] and not flow.paid[payer][line] and voucher.copay > max(paying)
        ]


def by_source(voucher: VoucherBalance, paid: Sequence[int]) -> list[list[tuple[str, int]]]:
    """Return for each line which sources pay it: slices in the call's order, lines in theirs."""
    left = [piece.cents for piece in voucher.slices]
    at = 0
    parts: list[list[tuple[str, int]]] = []
    for cents in paid:
        missing, of_line = cents, []
        while missing:
            taken = min(missing, left[at])
            if taken:
                of_line.append((voucher.slices[at].source, taken))
            left[at] -= taken
            missing -= taken
            at += not left[at]
        parts.append(of_line)
    return parts
