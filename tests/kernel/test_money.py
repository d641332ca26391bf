from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import in_words, price_of, share, split, to_cents, to_euros, vat_inside

cents = st.integers(min_value=0, max_value=10**9)


@given(cents)
def test_cents_survive_the_way_through_oscars_decimals(amount):
    assert to_cents(to_euros(amount)) == amount


def test_a_third_decimal_is_refused_instead_of_rounded_away():
    with pytest.raises(ValueError, match="whole number of cents"):
        to_cents(Decimal("0.005"))


@given(cents, st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_the_parts_of_a_split_sum_to_the_whole_and_none_is_a_cent_off(total, weights):
    parts = split(total, weights)

    exact = [Decimal(total) * weight / sum(weights) for weight in weights]
    assert sum(parts) == total
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_weights_that_divide_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(cents, st.integers(0, 3000))
def test_vat_is_what_the_net_price_lacks_to_the_gross(gross, basis_points):
    vat = vat_inside(gross, basis_points)

    net = gross - vat
    assert abs(net * basis_points / 10_000 - vat) <= 1


def test_amounts_worked_out_by_hand():
    assert price_of(4_90, 6000) == 29_40
    assert price_of(4_95, 1500) == 7_43  # 7.425: half a cent goes up
    assert vat_inside(29_40, 2200) == 5_30
    assert share(29_40, 500) == 1_47


def test_amounts_are_said_as_people_write_them():
    assert in_words(11_70).replace("\N{NO-BREAK SPACE}", " ") == "11,70 €"
    assert in_words(1_234_567_89, "en") == "€1,234,567.89"
