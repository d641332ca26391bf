"""Which lines credits pay: those that, with what others then pay, leave least to the card.

Among equals: most from the first credit, then from the second, then the earlier lines.

A further line on credit never leaves more to the card, for it pays at least what shares and vouchers
paid of it; nor does it to move a line to an earlier credit with room for it. So only choices count to which no
line can be added, credit after credit: at most 252 of 10 lines for one credit. (Not so for fringe lines on a meter
that a later credit shares and that is too small for both: there every choice counts.) Their worth is bounded from above
by the minimum cuts found so far, and flows are made, best bound first, until none can beat the best worth.
"""

from collections.abc import Mapping, Sequence

from ledger.allocation.credits import Purse
from ledger.allocation.tenders import Line
from ledger.allocation.vouchers import Spending

EXACT_LINES = 10

Choice = tuple[frozenset[int], ...]  # for each purse, the places of its lines


def choose(
    lines: Sequence[Line], purses: Sequence[Purse], fringe_room: Mapping[str, int], spending: Spending
) -> Choice:
    """Return which lines each purse pays: exact for up to ten lines, else the dearest first."""
    payable = {line for purse in purses for line in purse.lines}
    if len(payable) > EXACT_LINES:
        return _dearest_first(lines, purses, fringe_room)
    return _best(_full_choices(lines, purses, fringe_room), lines, spending)


def _dearest_first(lines: Sequence[Line], purses: Sequence[Purse], fringe_room: Mapping[str, int]) -> Choice:
    room, taken, choice = dict(fringe_room), set[int](), []
    for purse in purses:
        left, mine = purse.cents, set[int]()
        for place in sorted(purse.lines, key=lambda place: (-lines[place].price, place)):
            price = lines[place].price
            meter = purse.meter if lines[place].fringe else None
            if place not in taken and price <= left and (meter is None or price <= room[meter]):
                left -= price
                mine.add(place)
                if meter is not None:
                    room[meter] -= price
        taken |= mine
        choice.append(frozenset(mine))
    return tuple(choice)


def _full_choices(
    lines: Sequence[Line], purses: Sequence[Purse], fringe_room: Mapping[str, int]
) -> list[Choice]:
    """Return all choices to which no line can be added; of those for the same lines and meters the preferred."""
    meters = sorted(fringe_room)
    states: dict[tuple[frozenset[int], tuple[int, ...]], Choice] = {
        (frozenset(), tuple(fringe_room[meter] for meter in meters)): ()
    }
    for number, purse in enumerate(purses):
        metered = meters.index(purse.meter) if purse.meter is not None else None
        contended = _contended(lines, purses, number, fringe_room)
        after: dict[tuple[frozenset[int], tuple[int, ...]], Choice] = {}
        for (taken, rooms), choice in states.items():
            free = [place for place in purse.lines if place not in taken]
            room = rooms[metered] if metered is not None else None
            for mine, fringe in _full_subsets(lines, free, purse.cents, room, contended=contended):
                rooms_left = list(rooms)
                if metered is not None:
                    rooms_left[metered] -= fringe
                key = taken | mine, tuple(rooms_left)
                new = (*choice, mine)
                if key not in after or _preference(lines, new) > _preference(lines, after[key]):
                    after[key] = new
        states = after
    return list(states.values())


def _contended(
    lines: Sequence[Line], purses: Sequence[Purse], number: int, fringe_room: Mapping[str, int]
) -> bool:
    """Return whether a later purse runs on the same meter, and it is too small for all that could run on it."""
    meter = purses[number].meter
    if meter is None or all(purse.meter != meter for purse in purses[number + 1 :]):
        return False
    on_it = {place for purse in purses if purse.meter == meter for place in purse.lines}
    return sum(lines[place].price for place in on_it if lines[place].fringe) > fringe_room[meter]


def _full_subsets(
    lines: Sequence[Line], free: Sequence[int], cents: int, room: int | None, *, contended: bool
) -> list[tuple[frozenset[int], int]]:
    """Return the sets of lines that fit and leave room for no other, each with its fringe cents.

    On a ``contended`` meter they may leave room for fringe lines.
    """
    costs = [(place, lines[place].price, lines[place].price * lines[place].fringe) for place in free]
    limit = sum(fringe for _, _, fringe in costs) if room is None else room
    fitting = [(frozenset[int](), 0, 0)]
    for place, price, fringe in costs:
        fitting += [
            (chosen | {place}, spent + price, used + fringe)
            for chosen, spent, used in fitting
            if spent + price <= cents and used + fringe <= limit
        ]
    return [
        (chosen, used)
        for chosen, spent, used in fitting
        if not any(
            spent + price <= cents and used + fringe <= limit
            for place, price, fringe in costs
            if place not in chosen and not (fringe and contended)
        )
    ]


def _preference(lines: Sequence[Line], choice: Choice) -> tuple[list[int], list[list[int]]]:
    """Return what orders choices of equal worth: more from earlier credits, then earlier lines."""
    spent = [sum(lines[place].price for place in mine) for mine in choice]
    return spent, [sorted((-place for place in mine), reverse=True) for mine in choice]


def _best(choices: Sequence[Choice], lines: Sequence[Line], spending: Spending) -> Choice:
    """Return the choice of greatest worth: dues paid by credit plus the vouchers' flow on the other lines."""
    ranked = sorted(choices, key=lambda choice: _preference(lines, choice), reverse=True)
    credited = [frozenset[int]().union(*choice) for choice in ranked]
    own = [sum(spending.dues[place] for place in places) for places in credited]
    bounds = [sum(spending.dues)] * len(ranked)
    worths: dict[int, int] = {}
    while True:
        hope = max(range(len(ranked)), key=lambda i: (bounds[i], -i))
        if hope in worths:  # its bound is its worth, and nothing is above
            return ranked[hope]
        flow = spending.without(credited[hope])
        bounds[hope] = worths[hope] = own[hope] + flow.total
        fixed, per_line = spending.bound(flow.with_more_to_pay())
        everywhere = fixed + sum(per_line)
        for i, places in enumerate(credited):
            bound = own[i] + everywhere - sum(per_line[place] for place in places)
            bounds[i] = min(bounds[i], bound)
