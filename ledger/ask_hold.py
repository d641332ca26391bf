"""Ask for funds to be set aside: a card's hold begins here, before Stripe has collected."""

from ledger.chart import Book
from ledger.models import Hold


def ask_card_hold(*, district_id: int, purpose: str, cents: int) -> Hold:
    """Write down that ``cents`` are awaited from a card for ``purpose`` (``booking:12``). Nothing is posted."""
    return Hold.objects.create(
        district_id=district_id, book=Book.CARD, purpose=purpose, amount_cents=cents, open_cents=cents
    )
