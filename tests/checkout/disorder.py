"""Clients of the disorder: each acts at random on rows that all share, and remembers what succeeded."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError

from kernel.errors import DomainError
from ledger.deliver import Capture
from ledger.models import HoldFrozen, HoldTooSmall
from ledger.payouts import Payout
from ledger.take_from_sum import TooLittleThere
from tests.builders import NOW

# What the books refuse where others have been quicker: a floor, or something in dispute or spent.
REFUSED_BY_THE_BOOKS = (HoldFrozen, HoldTooSmall, TooLittleThere)
FLOOR = "balance_above_floor"
MOST_OVERTIME = 60.0
# No act of its own, but the end that some purchase must reach.
SETTLED = "a purchase settled"

Act = Callable[[], bool]


@dataclass
class World:
    """What the clients share beside the database: its things on their way, and what has happened so far."""

    until: float
    slots: list[int]
    baskets: list[int]
    district: int
    cooperatives: list[int]
    refunds: list[tuple[str, int, int]] = field(default_factory=list)
    arrived: list[tuple[str, int, int]] = field(default_factory=list)
    bounced: list[tuple[str, int, int]] = field(default_factory=list)
    disputes: list[tuple[str, int, int, int]] = field(default_factory=list)
    persons: list[tuple[str, int]] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    paid: list[Payout] = field(default_factory=list)
    captures: list[tuple[Capture, str]] = field(default_factory=list)
    deliveries: list[tuple[str, int, dict[str, int]]] = field(default_factory=list)
    possible: set[str] = field(default_factory=lambda: {SETTLED})
    succeeded: Counter[str] = field(default_factory=Counter)

    def goes_on(self) -> bool:
        """Until its time is over, and then at most as long again for what has never succeeded yet."""
        now = time.monotonic()
        return now < self.until or (now < self.until + MOST_OVERTIME and bool(self.never()))

    def never(self) -> set[str]:
        return self.possible - set(self.succeeded)


class Somebody:
    """A client with a random mind of its own. An act answers whether there was something to do."""

    def __init__(self, number: int, world: World) -> None:
        self.world = world
        self.number = number
        self.random = random.Random(number)
        self.now = NOW
        self.count = 0
        self.met: list[str] = []
        world.possible |= {_name(act) for act in self.acts()}

    def acts(self) -> Iterable[Act]:
        raise NotImplementedError

    def ref(self) -> str:
        self.count += 1
        return f"{type(self).__name__}-{self.number}-{self.count}"

    def cents(self, most: int = 9_00) -> int:
        return self.random.randint(1, most)

    def some(self, rows):
        return rows.order_by("?").first()

    def one_of(self, things):
        """Take one of the things off a list that all clients share; None if there is none."""
        try:
            return things.pop(self.random.randrange(len(things))) if things else None
        except IndexError:  # somebody was quicker
            return None

    def live(self) -> list[str]:
        """Act until the end; return what nobody should meet: anything but a refusal."""
        acts = list(self.acts())
        while self.world.goes_on():
            self.now += timedelta(seconds=self.random.choice([0, 1, 30]))
            self._try(self.random.choice(acts))
        return self.met

    def _try(self, act: Act) -> None:
        try:
            if act():
                self.world.succeeded[_name(act)] += 1
        except (DomainError, *REFUSED_BY_THE_BOOKS):
            return
        except IntegrityError as error:
            if FLOOR not in str(error):
                self.met.append(f"{_name(act)}: {error}")
        except Exception as error:  # noqa: BLE001  collected, and judged at the end
            if type(error).__name__ != "PaidAfterExpiry":  # two clients were Stripe, and disagreed
                self.met.append(f"{_name(act)}: {type(error).__name__}: {error}")


def _name(act: Act) -> str:
    return act.__qualname__
