"""Rows with a life: states, and the table of moves between them."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from kernel.errors import IllegalTransition


class Moving:
    """A row that changes its ``state`` only along its table of ``MOVES``."""

    MOVES: ClassVar[Mapping[str, Collection[str]]]
    state: Any

    def move_to(self, state: str) -> None:
        """Change state; the caller holds the lock that guards the row, and saves.

        :raises IllegalTransition: the table of moves does not lead there.
        """
        if state not in self.MOVES[self.state]:
            raise IllegalTransition(f"{self} cannot go from {self.state} to {state}")
        self.state = state
