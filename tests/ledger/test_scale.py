"""``scale`` against its literal definition, dealt one cent at a time, and against what it promises."""

import time
from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import split
from ledger.scale import OriginalHold, returned, scale


def holds_of(amounts, card=None):
    return [OriginalHold(amount, i == card) for i, amount in enumerate(amounts)]


@st.composite
def lines(draw, largest=60, at_most=5):
    """Draw a line's holds with at most one card among them, and where it is."""
    amounts = draw(st.lists(st.integers(0, largest), min_size=1, max_size=at_most))
    card = draw(st.none() | st.integers(0, len(amounts) - 1))
    return amounts, card


@st.composite
def reductions(draw, largest=60, at_most=5):
    """Draw a line and two values of it, the greater first."""
    amounts, card = draw(lines(largest, at_most))
    values = st.integers(0, sum(amounts))
    after, before = sorted([draw(values), draw(values)])
    return amounts, card, before, after


def dealt_singly(amounts, card, value):
    """The design's sentence, word by word, with cross-multiplication instead of quotients."""
    given_so_far = [0] * len(amounts)
    for _ in range(value):
        best = None
        for i, amount in enumerate(amounts):
            if amount == 0:
                continue
            divisor = given_so_far[i] if i == card else given_so_far[i] + 1
            if best is None:
                best = (i, amount, divisor)
                continue
            j, other_amount, other_divisor = best
            mine, others = amount * other_divisor, other_amount * divisor
            if mine > others or (mine == others and j == card):
                best = (i, amount, divisor)
        given_so_far[best[0]] += 1
    return tuple(given_so_far)


@given(lines(largest=40), st.data())
def test_it_is_the_dealing_of_single_cents(line, data):
    amounts, card = line
    value = data.draw(st.integers(0, sum(amounts)))

    assert scale(holds_of(amounts, card), value) == dealt_singly(amounts, card, value)


def test_it_is_the_dealing_of_single_cents_at_every_value_of_a_line():
    amounts, card = [11_70, 6_00, 1, 99], 0

    assert all(
        scale(holds_of(amounts, card), value) == dealt_singly(amounts, card, value)
        for value in range(0, sum(amounts) + 1, 61)
    )


@given(reductions(largest=10_000_000))
def test_the_shares_sum_to_the_value_and_none_is_above_its_hold(reduction):
    amounts, card, value, _ = reduction

    shares = scale(holds_of(amounts, card), value)

    assert sum(shares) == value
    assert all(0 <= share <= amount for share, amount in zip(shares, amounts, strict=True))


@given(reductions() | reductions(largest=10_000_000))
def test_when_the_value_falls_no_share_rises(reduction):
    amounts, card, before, after = reduction
    holds = holds_of(amounts, card)

    back = returned(holds, before=before, after=after)

    assert min(back) >= 0
    assert sum(back) == before - after


@given(lines(), st.data())
def test_reductions_one_after_the_other_give_back_what_one_reduction_gives(line, data):
    amounts, card = line
    holds, whole = holds_of(amounts, card), sum(amounts)
    values = [whole, *sorted(data.draw(st.lists(st.integers(0, whole), max_size=6)), reverse=True), 0]

    steps = [returned(holds, before=v, after=w) for v, w in pairwise(values)]

    assert [sum(step[i] for step in steps) for i in range(len(amounts))] == amounts


def test_each_single_cent_of_value_moves_exactly_one_share():
    holds = holds_of([3_21, 1_23, 55, 7], card=1)

    for value in range(5_06):
        assert sorted(returned(holds, before=value + 1, after=value)) == [0, 0, 0, 1]


@given(reductions() | reductions(largest=10_000_000))
def test_of_any_holds_with_the_card_among_them_the_cards_fraction_never_falls(reduction):
    amounts, card, value, _ = reduction
    if card is None or amounts[card] == 0:
        return
    shares = scale(holds_of(amounts, card), value)

    for chosen in range(1 << len(amounts)):
        some = [i for i in range(len(amounts)) if chosen >> i & 1 or i == card]
        at_first = Fraction(amounts[card], sum(amounts[i] for i in some))
        assert shares[card] >= at_first * sum(shares[i] for i in some)


@given(st.integers(1, 5_000), st.fractions(0, 1, max_denominator=50), st.data())
def test_a_co_payment_paid_at_the_start_stays_paid(price, fraction, data):
    company = data.draw(st.integers(0, price))
    rest = price - company
    card = data.draw(st.integers(ceil(fraction * rest), rest))
    first = data.draw(st.integers(0, rest - card))
    holds = holds_of([company, first, rest - card - first, card], card=3)

    for value in {data.draw(st.integers(0, price)) for _ in range(4)}:
        of_company, *vouchers, paid = scale(holds, value)
        still_due = ceil(fraction * (value - of_company))
        assert paid >= still_due
        assert sum(vouchers) <= value - of_company - still_due


@given(reductions() | reductions(largest=10_000_000))
def test_no_share_is_as_many_cents_off_as_there_are_holds(reduction):
    amounts, card, value, _ = reduction
    if not sum(amounts):
        return
    for share, amount in zip(scale(holds_of(amounts, card), value), amounts, strict=True):
        assert abs(share - Fraction(amount * value, sum(amounts))) < len(amounts)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4), st.integers(0, 15), st.data())
def test_two_card_holds_keep_their_fraction_together(others, second, data):
    holds = [OriginalHold(7, is_card=True), OriginalHold(second, is_card=True), *map(OriginalHold, others)]
    whole = sum(hold.amount for hold in holds)
    value = data.draw(st.integers(0, whole))

    shares = scale(holds, value)

    assert sum(shares) == value
    assert all(share <= hold.amount for share, hold in zip(shares, holds, strict=True))
    assert whole * (shares[0] + shares[1]) >= (7 + second) * value


def test_largest_remainder_would_charge_again_where_this_does_not():
    assert [split(v, [1, 3, 3])[0] for v in (4, 3)] == [0, 1]

    holds = holds_of([1, 3, 3])
    assert [scale(holds, v)[0] for v in (4, 3)] == [0, 0]
    assert scale(holds, 4) == (0, 2, 2)


def test_rounding_to_the_nearest_would_break_the_co_payment():
    voucher, card = 5, 5  # half and half: of 3 cents, the family owes two

    assert scale(holds_of([voucher, card], card=1), 3) == (1, 2)


def test_shares_scaled_again_would_drift_to_the_card():
    halves = holds_of([11_70, 11_70], card=1)
    assert scale(halves, 11_70) == (5_85, 5_85)

    drifting = [11_70, 11_70]
    for value in range(23_39, 11_69, -1):
        drifting = scale(holds_of(drifting, card=1), value)
    assert drifting == (0, 11_70)


def test_mixing_both_ways_would_charge_a_hold_again():
    holds = holds_of([1, 1, 3])

    assert scale(holds, 3) == (1, 0, 2)
    assert scale(holds_of([1, 0, 2]), 2) == (1, 0, 1)
    assert scale(holds, 2) == (0, 0, 2)


def test_the_ironing_that_weighed_less():
    company, voucher, card = 6_00, 11_70, 11_70  # 6 kg at 4,90

    assert scale(holds_of([company, voucher, card], card=2), 24_50) == (5_00, 9_75, 9_75)  # 5 kg
    assert scale(holds_of([company, voucher, card], card=2), 24_51) == (5_00, 9_75, 9_76)


def test_a_hold_of_nothing_gets_nothing():
    assert scale(holds_of([0, 5, 0], card=2), 3) == (0, 3, 0)
    assert scale([], 0) == ()


@pytest.mark.parametrize("value", [-1, 11])
def test_a_value_outside_what_is_held_is_refused(value):
    with pytest.raises(ValueError, match="cannot be scaled"):
        scale(holds_of([10]), value)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        OriginalHold(-1)
    with pytest.raises(ValueError, match="no reduction"):
        returned(holds_of([10]), before=3, after=4)


def test_a_hundred_thousand_euros_take_no_longer_than_one():
    holds = holds_of([3_000_001, 3_123_457, 3_876_542], card=2)

    began = time.perf_counter()
    for value in range(0, 10_000_000, 100_000):
        scale(holds, value)

    assert time.perf_counter() - began < 1  # measured: 4 ms
