"""Scale a line's holds down to a new value: the one formula behind every reduction.

Tier, kilos, part delivery, withdrawal and goodwill all ask: the line is worth less, what is each tender's share
now? Source: ``docs/money.md``, "cents go singly to the largest hold/(n+1), for card hold/n, card last on ties",
n being the cents a hold has been given so far. In the words of apportionment: a divisor method, d'Hondt's
(rounding down) for public and company money, Adams's (rounding up) for the card.

What follows from the rule, for the holds of a line with sum p, any 0 ≤ v ≤ p, and a(v) the shares:

- Σa(v) = v, and no share is above its hold. (A hold's own last cent has the quotient 1, the card's first cent
  beyond its hold too, and the card is last on ties.)
- v falls ⇒ no share rises, since a(v) is how the first v cents of one fixed sequence were dealt. So reductions
  one after the other only ever give back, and never charge again.
- **The card's share.** For any set S of the holds with the card in it, a_card / Σ_S a ≥ h_card / Σ_S h, exactly.
  So if the card holds at least the fraction c of the line, or of the line without the company's share, it does so
  after every reduction, and being a whole number it holds at least that fraction rounded up: a co-payment paid
  at the start stays paid. (With q the last quotient dealt: a_card ≥ h_card/q, every other a ≤ h/q.)

- With k holds no share is as much as k cents from its exact part v·h/p.

**Always from the original holds.** Scaling shares that were themselves scaled is another and wrong thing, since
each step rounds for the card: of 11,70 held by a voucher and 11,70 by the card, half the value leaves 5,85 each;
reached by one cent at a time from share to share it would leave the voucher nothing and the card 11,70. And
whoever mixes both ways charges again: 1, 1 and 3 cents worth 3 are 1, 0, 2; from there to 2 would be 1, 0, 1,
but directly it is 0, 0, 2. Hence what comes in is an ``OriginalHold`` and what comes out is plain cents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kernel.money import Cents


@dataclass(frozen=True)
class OriginalHold:
    """What a tender set aside for the line at first, in cents, whatever was captured or released since."""

    amount: int
    is_card: bool = False

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a hold is not negative: {self.amount}")


def scale(holds: Sequence[OriginalHold], value: int) -> tuple[Cents, ...]:
    """Return each hold's share, in cents and in the same order, when the line is worth ``value`` cents.

    Ties go to public and company money before the card, then to the earlier hold: keep a line's holds in one
    order. Takes the same time for a euro and for a million.

    :raises ValueError: ``value`` is negative, or above what is held.
    """
    held = sum(hold.amount for hold in holds)
    if not 0 <= value <= held:
        raise ValueError(f"a line with {held} cents held cannot be scaled to {value}")

    shares = _surely_dealt(holds, value, held)
    for _ in range(value - sum(shares)):
        shares[_next(holds, shares)] += 1
    return tuple(Cents(share) for share in shares)


def returned(holds: Sequence[OriginalHold], *, before: int, after: int) -> tuple[Cents, ...]:
    """Return what goes back to each hold when the line's value falls, in cents; never negative.

    :raises ValueError: the value does not fall, or is not within what is held.
    """
    if after > before:
        raise ValueError(f"from {before} to {after} cents is no reduction")
    pairs = zip(scale(holds, before), scale(holds, after), strict=True)
    return tuple(Cents(was - now) for was, now in pairs)


def _surely_dealt(holds: Sequence[OriginalHold], value: int, held: int) -> list[int]:
    """Return a state the dealing passes through shortly before ``value``: at most two cents a hold are missing.

    All cents whose quotient is above held/near, and those of the others that equal it: h·near/held, rounded up
    for the card and down for the others. Rounding up adds less than a cent a hold, so ``value`` is not passed.
    """
    near = max(0, value - len(holds))
    if not near:
        return [0] * len(holds)
    return [-(-h.amount * near // held) if h.is_card else h.amount * near // held for h in holds]


def _next(holds: Sequence[OriginalHold], shares: Sequence[int]) -> int:
    """Return the place of the hold that gets the next cent."""

    def claim(i: int) -> tuple[bool, Fraction, bool, int]:
        hold, given = holds[i], shares[i]
        divisor = given if hold.is_card else given + 1
        return divisor == 0, Fraction(hold.amount, divisor or 1), not hold.is_card, -i

    return max((i for i, hold in enumerate(holds) if hold.amount), key=claim)
