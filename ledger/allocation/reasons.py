"""Why each part is what it is, and why a tender pays nothing of a line. Codes and numbers, no words."""

from collections.abc import Container, Sequence

from ledger.allocation.result import Reason, Refusal, Rule, Why
from ledger.allocation.tenders import Edits, Line
from ledger.allocation.vouchers import Spending


class Reasons:
    """What can be said about settled vouchers, which could pay ``most`` and do pay ``paid``.

    Both in cents by voucher and line, the first a full flow, the second less what was given back so that the card
    pays at least ``smallest`` cents.
    """

    def __init__(
        self, spending: Spending, most: Sequence[Sequence[int]], paid: Sequence[Sequence[int]], smallest: int
    ) -> None:
        self.spending, self.most, self.paid, self.smallest = spending, most, paid, smallest

    def of_voucher(self, payer: int, line: Line, place: int) -> Reason:
        """Return the first thing that kept a voucher from paying more of a line: a full flow always has one."""
        voucher, due = self.spending.vouchers[payer], self.spending.dues[place]
        cents = self.paid[payer][place]
        if gave := self.most[payer][place] - cents:
            return Reason(Why.GAVE_BACK, (("gave", gave), ("minimum", self.smallest)))
        if cents == due - voucher.own_share_of(due):
            return Reason(Why.UP_TO_COPAY, (("copay", voucher.copay), ("of", due)))
        if cents == voucher.limits.get(line.id):
            return Reason(Why.LINE_LIMIT, (("limit", cents),))
        usable = self.spending.balances[payer]
        if sum(self.most[payer]) < usable:  # so the line is full
            return Reason(Why.COPAY_OF_LINE, (("copay", self.spending.largest_copay(place)), ("of", due)))
        if usable < voucher.balance:
            return Reason(Why.LOWERED, (("to", usable),))
        return Reason(Why.ALL_IT_HAS, (("balance", usable),))

    def of_card(self, place: int) -> Reason:
        """Return whether the card pays just the co-payment of the vouchers used, or what is left."""
        due = self.spending.dues[place]
        if gave := sum(row[place] for row in self.most) - sum(row[place] for row in self.paid):
            return Reason(Why.GAVE_BACK, (("gave", gave), ("minimum", self.smallest)))
        if self._is_full(place) and any(row[place] for row in self.paid):
            return Reason(Why.OWN_SHARE, (("copay", self.spending.largest_copay(place)), ("of", due)))
        return Reason(Why.REST)

    def against_vouchers(
        self, lines: Sequence[Line], on_credit: Container[int], edits: Edits
    ) -> list[Refusal]:
        """Return, for each voucher and line it does not pay, the first rule it fails by."""
        return [
            Refusal(voucher.id, line.id, self._against(payer, line, place, on_credit, edits))
            for payer, voucher in enumerate(self.spending.vouchers)
            for place, line in enumerate(lines)
            if not self.paid[payer][place]
        ]

    def _against(self, payer: int, line: Line, place: int, on_credit: Container[int], edits: Edits) -> Rule:
        voucher = self.spending.vouchers[payer]
        if is_off(voucher.id, edits):
            return Rule.OFF
        if failed := self.spending.failed[payer][place]:
            return failed
        if place in on_credit or not self.spending.dues[place]:
            return Rule.PAID_WHOLE
        if self.most[payer][place]:
            return Rule.GAVE_BACK
        if sum(self.most[payer]) == self.spending.balances[payer]:
            return Rule.EXHAUSTED
        return Rule.LINE_LIMIT if voucher.limits.get(line.id) == 0 else Rule.COPAY

    def _is_full(self, place: int) -> bool:
        """Return whether the line's vouchers could pay all that the largest co-payment leaves them."""
        return sum(row[place] for row in self.most) == self.spending.rooms[place]


def is_off(tender: str, edits: Edits) -> bool:
    """Return whether the person switched a tender off, or lowered it to nothing."""
    return tender in edits.off or edits.at_most.get(tender) == 0
