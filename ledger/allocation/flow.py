"""A flow of cents from payers to lines, as large as can be for every first few payers.

Ford and Fulkerson's augmenting paths, payer by payer. A path from a later payer may re-route what earlier ones
pay, but never lowers how much they pay; so when payer k is done, the payers up to k together pay as much as any
flow could make them pay: the total and every prefix are maximal. They are so again when full lines were given more
room and ``fill`` ran: what payers up to k can reach is paid by them alone, before and after.
"""

from collections.abc import Sequence


class Flow:
    """Payers with a balance, lines with room, and the most each payer may pay of each line, in cents."""

    def __init__(self, balances: Sequence[int], rooms: Sequence[int], most: Sequence[Sequence[int]]) -> None:
        self.left = list(balances)
        self.room = list(rooms)
        self.free = [list(row) for row in most]
        self.paid = [[0] * len(rooms) for _ in balances]
        self._payers_of: list[set[int]] = [set() for _ in rooms]
        self.fill()

    def fill(self) -> None:
        """Send all that can be sent, payer by payer; what a line already gets is not lowered."""
        for payer in range(len(self.left)):
            self._pay_directly(payer)
            while self.left[payer] and self._reroute(payer):
                pass

    def close(self, payer: int, line: int) -> None:
        """Let a payer that pays nothing of a line never pay of it."""
        self.free[payer][line] = 0

    @property
    def total(self) -> int:
        """What all payers pay, in cents."""
        return sum(map(sum, self.paid))

    def with_more_to_pay(self) -> set[int]:
        """Return the payers on the near side of the minimum cut: those a further cent could start from."""
        near = [payer for payer, left in enumerate(self.left) if left]
        seen, lines = set(near), set[int]()
        for payer in near:  # grows while it is walked
            for line, free in enumerate(self.free[payer]):
                if free and line not in lines:
                    lines.add(line)
                    fresh = self._payers_of[line] - seen
                    near.extend(sorted(fresh))
                    seen |= fresh
        return seen

    def _pay_directly(self, payer: int) -> None:
        for line, free in enumerate(self.free[payer]):
            if cents := min(free, self.room[line], self.left[payer]):
                self._move(payer, line, cents)
                self.left[payer] -= cents
                self.room[line] -= cents

    def _reroute(self, start: int) -> bool:
        """Find a shortest path to a line with room and send what fits; return whether there was one."""
        came_from = {start: (-1, -1)}  # payer: the line it gives up, and the payer who takes that over
        queue, lines = [start], set[int]()
        for payer in queue:  # grows while it is walked
            for line, free in enumerate(self.free[payer]):
                if not free or line in lines:
                    continue
                if self.room[line]:
                    self._send(start, payer, line, came_from)
                    return True
                lines.add(line)
                for other in sorted(self._payers_of[line]):
                    if other not in came_from:
                        came_from[other] = (line, payer)
                        queue.append(other)
        return False

    def _send(self, start: int, last: int, line: int, came_from: dict[int, tuple[int, int]]) -> None:
        cents = min(self.left[start], self.room[line], self.free[last][line])
        payer = last
        while payer != start:
            given_up, taker = came_from[payer]
            cents = min(cents, self.paid[payer][given_up], self.free[taker][given_up])
            payer = taker

        self.left[start] -= cents
        self.room[line] -= cents
        self._move(last, line, cents)
        payer = last
        while payer != start:
            given_up, taker = came_from[payer]
            self._move(payer, given_up, -cents)
            self._move(taker, given_up, cents)
            payer = taker

    def _move(self, payer: int, line: int, cents: int) -> None:
        self.paid[payer][line] += cents
        self.free[payer][line] -= cents
        if self.paid[payer][line]:
            self._payers_of[line].add(payer)
        else:
            self._payers_of[line].discard(payer)
