"""What an allocation is made from: lines, and the ways to pay them. All money in whole cents.

Ids are the caller's, unique among all tenders and among all lines; they break ties. Texts such as services and
areas are compared as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kernel.money import BASIS_POINTS


@dataclass(frozen=True)
class Line:
    """A service on a day, at its price after tier: what is to be paid, in cents.

    ``fringe`` says that an employer's money for it counts towards the yearly fringe limit.
    """

    id: str
    price: int
    service: str
    area: str
    day: date
    person: str
    cooperative: str
    fringe: bool = False

    def __post_init__(self) -> None:
        if self.price < 0:
            raise ValueError(f"line {self.id} costs {self.price} cents")


@dataclass(frozen=True)
class Terms:
    """What a tender may pay for; ``None`` sets no bound. Days are half-open: ``ends`` is no longer inside."""

    ends: date
    begins: date = date.min
    services: frozenset[str] | None = None
    areas: frozenset[str] | None = None
    persons: frozenset[str] | None = None
    cooperatives: frozenset[str] | None = None


@dataclass(frozen=True)
class Slice:
    """What one funding source still has in a voucher, in cents."""

    source: str
    cents: int

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise ValueError(f"{self.source} has {self.cents} cents in a voucher")


@dataclass(frozen=True)
class VoucherBalance:
    """A voucher that can be spent now.

    ``slices`` stand in the order in which the call spends its sources. ``copay`` is what the family pays itself, in
    basis points of the price after the company's share. ``limits`` are the call's most for a line, in cents by
    line id; a line not named has none. A ``solidarity`` voucher comes after all others, whatever the order.
    """

    id: str
    terms: Terms
    slices: tuple[Slice, ...]
    copay: int = 0
    limits: Mapping[str, int] = field(default_factory=dict)
    solidarity: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.copay <= BASIS_POINTS:
            raise ValueError(f"voucher {self.id} asks a co-payment of {self.copay} basis points")
        if any(limit < 0 for limit in self.limits.values()):
            raise ValueError(f"voucher {self.id} has a limit below zero")

    @property
    def balance(self) -> int:
        """What it holds in all, in cents."""
        return sum(piece.cents for piece in self.slices)

    def own_share_of(self, due: int) -> int:
        """Return the co-payment on ``due`` cents, a started cent being the family's."""
        return -(-due * self.copay // BASIS_POINTS)

    def most_of(self, line_id: str, due: int) -> int:
        """Return the most it pays of ``due`` cents: less the co-payment, within the call's limit."""
        return min(due - self.own_share_of(due), self.limits.get(line_id, due))


@dataclass(frozen=True)
class CreditGrant:
    """An employee's welfare credit, in cents. ``meter`` names the fringe meter its fringe lines run on, if any."""

    id: str
    terms: Terms
    balance: int
    meter: str | None = None

    def __post_init__(self) -> None:
        if self.balance < 0:
            raise ValueError(f"credit {self.id} holds {self.balance} cents")


@dataclass(frozen=True)
class CompanyShare:
    """What a company's package pays of one line, in cents."""

    package: str
    line: str
    cents: int

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise ValueError(f"package {self.package} pays {self.cents} cents of a line")


@dataclass(frozen=True)
class Tenders:
    """All ways to pay but the card. ``fringe_room``: cents left under the yearly limit, by meter."""

    credits: tuple[CreditGrant, ...] = ()
    shares: tuple[CompanyShare, ...] = ()
    vouchers: tuple[VoucherBalance, ...] = ()
    fringe_room: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Edits:
    """What the person changed about the proposal, by tender id; ids that are gone change nothing.

    ``off`` is switched off, ``at_most`` lowered to so many cents in this purchase. ``order`` comes first among its
    like; tenders not named follow by expiry. Credits still come before vouchers, and solidarity last.
    """

    off: frozenset[str] = frozenset()
    at_most: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(cents < 0 for cents in self.at_most.values()):
            raise ValueError("an amount is lowered to zero at the lowest")

    def usable(self, tender: str, cents: int) -> int:
        """Return how many of a tender's ``cents`` the person lets it spend."""
        return 0 if tender in self.off else min(cents, self.at_most.get(tender, cents))

    def rank(self, tender: str) -> int:
        """Return the place the person gave a tender, the same last place to those not named."""
        return self.order.index(tender) if tender in self.order else len(self.order)
