"""Stripe's test cards, and what each of them does."""

from dataclasses import dataclass
from enum import Enum


class Behaviour(Enum):
    """How the card's bank answers."""

    SUCCEEDS = "succeeds"
    DECLINES = "declines"
    AUTHENTICATES = "authenticates"


@dataclass(frozen=True)
class Card:
    """A card number and the answer of its bank.

    ``note`` names the sentence that explains it on the pay page; a card without one is
    not shown there.
    """

    number: str
    brand: str = "visa"
    behaviour: Behaviour = Behaviour.SUCCEEDS
    decline_code: str = ""
    available_at_once: bool = False
    note: str = ""

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        parts = (self.number[i : i + 4] for i in range(0, len(self.number), 4))
        return " ".join(parts)


TEST_CARDS = (
    Card("4242424242424242", note="card_succeeds"),
    Card(
        "4000002760003184",
        behaviour=Behaviour.AUTHENTICATES,
        note="card_authenticates",
    ),
    Card(
        "4000000000000002",
        behaviour=Behaviour.DECLINES,
        decline_code="generic_decline",
        note="card_declined",
    ),
    Card(
        "4000000000009995",
        behaviour=Behaviour.DECLINES,
        decline_code="insufficient_funds",
        note="card_insufficient_funds",
    ),
    Card("4000000000000259", note="card_disputed"),
    Card("4000000000000077", available_at_once=True),
    Card("5555555555554444", brand="mastercard"),
)
_LENGTHS = range(12, 20)
_BY_NUMBER = {card.number: card for card in TEST_CARDS}


def card_of(number: str) -> Card:
    """Return the test card; any other valid number is a real card, and declined."""
    real = Card(number, behaviour=Behaviour.DECLINES, decline_code="test_mode_live_card")
    return _BY_NUMBER.get(number, real)


def is_card_number(digits: str) -> bool:
    """Tell whether the digits pass Luhn's check."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) in _LENGTHS):
        return False
    digit_sums = (sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits[::-1]))
    return sum(digit_sums) % 10 == 0
