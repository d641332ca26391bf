"""What an allocation says: who pays what of each line, why, and why not. All money in whole cents.

Reasons and rules are codes with numbers, not prose: pages say them in the person's language.
"""

from dataclasses import dataclass
from enum import StrEnum

from kernel.money import Cents

CARD = "card"


class Kind(StrEnum):
    CREDIT = "credit"
    COMPANY = "company"
    VOUCHER = "voucher"
    CARD = "card"


class Why(StrEnum):
    """Why a part is what it is; for a voucher, the first thing that kept it from paying more."""

    WHOLE_LINE = "whole_line"  # credit pays whole services
    PACKAGE = "package"  # the company's share, as its package says
    UP_TO_COPAY = "up_to_copay"  # the voucher's most: copay (basis points), of (cents)
    LINE_LIMIT = "line_limit"  # the call's most for this line: limit
    LOWERED = "lowered"  # the person lowered it: to
    ALL_IT_HAS = "all_it_has"  # its balance is used up: balance
    COPAY_OF_LINE = "copay_of_line"  # with other vouchers up to the largest co-payment: copay, of
    GAVE_BACK = "gave_back"  # room for the card's smallest charge: gave, minimum
    OWN_SHARE = "own_share"  # the card pays just the co-payment: copay, of
    REST = "rest"  # the card pays what is left


class Rule(StrEnum):
    """The first rule by which a voucher or a credit pays nothing of a line, in the order they are asked."""

    OFF = "off"  # the person switched it off
    SERVICE = "service"
    AREA = "area"
    DATE = "date"
    PERSON = "person"
    COOPERATIVE = "cooperative"
    FRINGE_LIMIT = "fringe_limit"  # a credit: the year's limit would be passed
    TOO_DEAR = "too_dear"  # a credit: it holds less than the whole line
    PAID_WHOLE = "paid_whole"  # a credit, or the company, pays it all
    GAVE_BACK = "gave_back"  # made room for the card's smallest charge
    EXHAUSTED = "exhausted"  # what it has, or was lowered to, is spent on other lines
    LINE_LIMIT = "line_limit"  # the call's most for this line is nothing
    COPAY = "copay"  # it, or it with the vouchers before it, leaves the family just its own share


@dataclass(frozen=True)
class Reason:
    """A message code and its numbers, in a fixed order."""

    code: Why
    params: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Part:
    """So many cents of a line, from one tender and, of a voucher, one funding source."""

    kind: Kind
    tender: str
    source: str | None
    cents: Cents
    why: Reason


@dataclass(frozen=True)
class PaidLine:
    """A line and its parts: credit alone, or company, vouchers in their order, card. They sum to the price."""

    line: str
    price: Cents
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Refusal:
    """Why this tender pays nothing of this line."""

    tender: str
    line: str
    rule: Rule


@dataclass(frozen=True)
class Use:
    """What a tender pays in all, and what of it stays unused."""

    kind: Kind
    tender: str
    used: Cents
    unused: Cents


@dataclass(frozen=True)
class Allocation:
    """The proposal. ``card_too_small``: the card's sum is under the smallest charge and no voucher could help."""

    lines: tuple[PaidLine, ...]
    uses: tuple[Use, ...]
    refusals: tuple[Refusal, ...]
    card: Cents
    card_too_small: bool
