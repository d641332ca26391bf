"""Italy's public holidays, as the law has them."""

from datetime import date

import pytest

from providers.public_holidays import holidays_between


def test_italys_holidays_of_2027_are_those_of_the_law():
    assert holidays_between(date(2027, 1, 1), date(2028, 1, 1)) == {
        date(2027, 1, 1),
        date(2027, 1, 6),
        date(2027, 3, 28),
        date(2027, 3, 29),
        date(2027, 4, 25),
        date(2027, 5, 1),
        date(2027, 6, 2),
        date(2027, 8, 15),
        date(2027, 10, 4),
        date(2027, 11, 1),
        date(2027, 12, 8),
        date(2027, 12, 25),
        date(2027, 12, 26),
    }


@pytest.mark.parametrize(
    ("year", "easter_monday"),
    [(2026, date(2026, 4, 6)), (2028, date(2028, 4, 17)), (2038, date(2038, 4, 26))],
)
def test_easter_monday_moves(year, easter_monday):
    assert easter_monday in holidays_between(date(year, 1, 1), date(year + 1, 1, 1))


def test_saint_francis_is_a_holiday_again_from_2026():
    assert date(2025, 10, 4) not in holidays_between(date(2025, 1, 1), date(2026, 1, 1))
    assert date(2026, 10, 4) in holidays_between(date(2026, 1, 1), date(2027, 1, 1))
