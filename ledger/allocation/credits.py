"""Step 1: welfare credit, which pays whole lines and nothing else of them.

Legal source: a welfare voucher gives one service for its full face value, without top-up (DM 25/3/2016, art. 6).
Credits are spent by expiry, each on lines that fit into it whole; fringe lines must also fit under the year's
limit, for above it the whole year's amount would be taxed. Which lines: see ``choosing``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.allocation.reasons import is_off
from ledger.allocation.result import Refusal, Rule
from ledger.allocation.tenders import CreditGrant, Edits, Line
from ledger.allocation.terms import first_failed


def in_order(grants: Iterable[CreditGrant], edits: Edits) -> list[CreditGrant]:
    """Return credits in the order they are spent: the holder's order; expiry; id."""
    return sorted(grants, key=lambda grant: (edits.rank(grant.id), grant.terms.ends, grant.id))


def cannot_pay(grant: CreditGrant, line: Line, usable: int, fringe_room: Mapping[str, int]) -> Rule | None:
    """Return why this credit, taken alone, cannot pay the whole line, or ``None`` if it can."""
    if failed := first_failed(grant.terms, line):
        return failed
    if line.fringe and grant.meter is not None and line.price > fringe_room[grant.meter]:
        return Rule.FRINGE_LIMIT
    if line.price > usable:
        return Rule.TOO_DEAR
    return None


@dataclass(frozen=True)
class Purse:
    """A credit as far as choosing goes: cents to spend, its meter, and the lines it can pay, by place."""

    cents: int
    meter: str | None
    lines: tuple[int, ...]


def purse_of(
    grant: CreditGrant, lines: Sequence[Line], dues: Sequence[int], room: Mapping[str, int], edits: Edits
) -> Purse:
    """Return what a credit can pay: not what costs nothing, or what the company pays anyway (no ``dues``)."""
    cents = edits.usable(grant.id, grant.balance)
    payable = (
        place
        for place, line in enumerate(lines)
        if dues[place] and cannot_pay(grant, line, cents, room) is None
    )
    return Purse(cents, grant.meter, tuple(payable))


def against_credits(
    grants: Sequence[CreditGrant],
    purses: Sequence[Purse],
    lines: Sequence[Line],
    room: Mapping[str, int],
    choice: Sequence[Collection[int]],
    edits: Edits,
) -> list[Refusal]:
    """Return, for each credit and line it does not pay, the first rule it fails by; ``room`` is at the start."""
    taken = {place for mine in choice for place in mine}

    def rule(grant: CreditGrant, purse: Purse, place: int, left: int) -> Rule:
        line = lines[place]
        if is_off(grant.id, edits):
            return Rule.OFF
        if failed := cannot_pay(grant, line, purse.cents, room):
            return failed
        if place in taken or place not in purse.lines:
            return Rule.PAID_WHOLE
        return Rule.EXHAUSTED if line.price > left else Rule.FRINGE_LIMIT

    refusals = []
    for grant, purse, mine in zip(grants, purses, choice, strict=True):
        left = purse.cents - sum(lines[place].price for place in mine)
        refusals += [
            Refusal(grant.id, line.id, rule(grant, purse, place, left))
            for place, line in enumerate(lines)
            if place not in mine
        ]
    return refusals
