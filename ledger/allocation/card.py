"""Step 4: the card pays the rest, and never less than can be charged."""

from collections.abc import Sequence

SMALLEST_CHARGE = 50  # cents; Stripe's minimum for euros (``docs/money.md``, marked K: not yet verified)


def give_back(paid: Sequence[Sequence[int]], card: int, smallest: int) -> list[list[int]]:
    """Return what vouchers pay, in cents by voucher and line, so that the card reaches ``smallest`` cents.

    Last voucher first, last line first, only as much as is missing, and nothing if the card pays nothing anyway.
    What vouchers cannot give back stays missing.
    """
    missing = max(0, smallest - card) if card else 0
    kept = [list(row) for row in paid]
    for row in reversed(kept):
        for line in reversed(range(len(row))):
            cents = min(missing, row[line])
            row[line] -= cents
            missing -= cents
    return kept
