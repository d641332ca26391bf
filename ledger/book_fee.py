"""Book what Stripe kept of a charge, once Stripe says so."""

from datetime import datetime

from ledger.chart import card_fees, card_own
from ledger.post import Move, post


def book_card_fee(*, payment: str, district_id: int, cents: int, now: datetime) -> None:
    """Post C.own → C.fees for a payment. Again, it changes nothing."""
    if cents:
        moves = [Move(card_own(), card_fees(), cents)]
        post(key=f"fee:{payment}", event="fee", district_id=district_id, moves=moves, at=now)
