"""Why a tender pays nothing, the card's smallest charge, the person's edits, and input that cannot be."""

from datetime import date

import pytest

from ledger.allocation.allocate import allocate
from ledger.allocation.result import Kind, Rule, Why
from ledger.allocation.tenders import CompanyShare, Edits, Slice, Tenders
from tests.ledger.test_allocation import DAY, a_credit, a_line, a_voucher, paid, rule, whys


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"services": frozenset({"cleaning"}), "areas": frozenset()}, Rule.SERVICE),
        ({"areas": frozenset({"Crema"}), "persons": frozenset()}, Rule.AREA),
        ({"ends": DAY, "persons": frozenset()}, Rule.DATE),
        ({"begins": date(2026, 12, 2)}, Rule.DATE),
        ({"persons": frozenset({"bruno"}), "cooperatives": frozenset()}, Rule.PERSON),
        ({"cooperatives": frozenset({"iride"})}, Rule.COOPERATIVE),
    ],
)
def test_the_first_failed_rule_is_told(terms, expected):
    tenders = Tenders(credits=(a_credit(**terms),), vouchers=(a_voucher(**terms),))

    allocation = allocate([a_line()], tenders)

    assert rule(allocation, "v", "a") is expected
    assert rule(allocation, "c", "a") is expected
    assert allocation.card == 29_40


def test_the_last_valid_day_is_the_one_before_the_end():
    voucher = a_voucher(begins=DAY, ends=date(2026, 12, 2))

    assert allocate([a_line()], Tenders(vouchers=(voucher,))).card == 14_70


def test_other_reasons_to_pay_nothing():
    spent = allocate([a_line("a"), a_line("b")], Tenders(vouchers=(a_voucher(cents=14_70),)))
    full = allocate([a_line()], Tenders(vouchers=(a_voucher(copay=100_00),)))
    dear = allocate([a_line()], Tenders(credits=(a_credit(cents=29_39),)))

    assert rule(spent, "v", "b") is Rule.EXHAUSTED
    assert rule(full, "v", "a") is Rule.COPAY
    assert rule(dear, "c", "a") is Rule.TOO_DEAR


@pytest.mark.parametrize(("held", "card"), [(29_40, 0), (29_39, 50), (28_91, 50), (28_90, 50), (28_89, 51)])
def test_the_card_pays_nothing_or_at_least_what_can_be_charged(held, card):
    allocation = allocate([a_line()], Tenders(vouchers=(a_voucher(cents=held, copay=0),)))

    assert allocation.card == card
    assert not allocation.card_too_small


def test_the_last_voucher_gives_back_and_says_so():
    first, last = a_voucher("a", 29_20, 0), a_voucher("z", 10, 0)

    allocation = allocate([a_line()], Tenders(vouchers=(first, last)))

    assert paid(allocation) == {
        ("a", "a"): 28_90,
        ("a", "card"): 50,
    }  # 10 of the last, the rest of the one before
    assert rule(allocation, "z", "a") is Rule.GAVE_BACK
    assert whys(allocation)[0][2:] == (Why.GAVE_BACK, {"gave": 30, "minimum": 50})
    assert whys(allocation)[1][2:] == (Why.GAVE_BACK, {"gave": 40, "minimum": 50})


def test_a_card_sum_that_nobody_can_raise_is_told():
    allocation = allocate([a_line(price=30)], Tenders())

    assert allocation.card == 30
    assert allocation.card_too_small


def test_edits_switch_off_lower_and_reorder():
    vouchers = (a_voucher("a", 20_00, 0), a_voucher("b", 20_00, 0), a_voucher("s", 20_00, 0, solidarity=True))
    tenders = Tenders(
        credits=(a_credit("c", 29_40, DAY),), shares=(CompanyShare("p", "a", 6_00),), vouchers=vouchers
    )

    def use(**edits):
        return {use.tender: use.used for use in allocate([a_line()], tenders, Edits(**edits)).uses}

    assert use() == {"c": 0, "p": 6_00, "a": 20_00, "b": 3_40, "s": 0}
    assert use(off=frozenset({"a", "gone"})) == {"c": 0, "p": 6_00, "a": 0, "b": 20_00, "s": 3_40}
    assert use(at_most={"a": 5_00, "p": 1_00}) == {"c": 0, "p": 1_00, "a": 5_00, "b": 20_00, "s": 3_40}
    assert use(order=("s", "b")) == {"c": 0, "p": 6_00, "a": 3_40, "b": 20_00, "s": 0}

    lowered = allocate([a_line()], tenders, Edits(at_most={"a": 5_00, "b": 0}))
    assert whys(lowered)[1][2:] == (Why.LOWERED, {"to": 5_00})
    assert rule(lowered, "b", "a") is Rule.OFF


def test_a_lowered_credit_pays_what_still_fits_whole():
    lines = [a_line("a", 30_00), a_line("b", 20_00)]
    tenders = Tenders(credits=(a_credit(cents=50_00),))

    assert allocate(lines, tenders).card == 0
    assert paid(allocate(lines, tenders, Edits(at_most={"c": 49_99}))) == {
        ("a", "c"): 30_00,
        ("b", "card"): 20_00,
    }
    assert rule(allocate(lines, tenders, Edits(off=frozenset({"c"}))), "c", "a") is Rule.OFF


def test_a_line_that_costs_nothing_needs_nobody():
    allocation = allocate([a_line(price=0)], Tenders(credits=(a_credit(),), vouchers=(a_voucher(),)))

    assert allocation.lines[0].parts == ()
    assert allocation.card == 0


def test_each_part_knows_its_kind():
    lines = [a_line("a"), a_line("b")]
    tenders = Tenders((a_credit(cents=29_40),), (CompanyShare("p", "b", 6_00),), (a_voucher(),))

    kinds = [[part.kind for part in line.parts] for line in allocate(lines, tenders).lines]

    assert kinds == [[Kind.CREDIT], [Kind.COMPANY, Kind.VOUCHER, Kind.CARD]]


@pytest.mark.parametrize(
    ("lines", "tenders"),
    [
        ([a_line(), a_line()], Tenders()),
        ([a_line()], Tenders(vouchers=(a_voucher("x"),), credits=(a_credit("x"),))),
        ([a_line()], Tenders(vouchers=(a_voucher("card"),))),
        ([a_line()], Tenders(shares=(CompanyShare("p", "a", 1), CompanyShare("p", "a", 2)))),
        ([a_line()], Tenders(shares=(CompanyShare("p", "gone", 1),))),
        ([a_line()], Tenders(credits=(a_credit(meter="anna"),))),
    ],
)
def test_contradictory_input_is_a_bug(lines, tenders):
    with pytest.raises(ValueError, match=r"id|package|meters"):
        allocate(lines, tenders)


@pytest.mark.parametrize(
    "nonsense",
    [
        lambda: a_line(price=-1),
        lambda: Slice("region", -1),
        lambda: a_voucher(copay=100_01),
        lambda: a_voucher(limits={"a": -1}),
        lambda: a_credit(cents=-1),
        lambda: CompanyShare("p", "a", -1),
        lambda: Edits(at_most={"a": -1}),
    ],
)
def test_negative_amounts_are_a_bug(nonsense):
    with pytest.raises(ValueError, match=r"cents|basis|limit|lowered"):
        nonsense()
