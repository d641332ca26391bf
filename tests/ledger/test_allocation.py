"""Allocations worked out by hand."""

from datetime import date

from ledger.allocation.allocate import allocate
from ledger.allocation.result import Rule, Why
from ledger.allocation.tenders import (
    CompanyShare,
    CreditGrant,
    Edits,
    Line,
    Slice,
    Tenders,
    Terms,
    VoucherBalance,
)

DAY = date(2026, 12, 1)
ENDS = date(2027, 7, 1)
IRONING = frozenset({"ironing"})


def a_line(id="a", price=29_40, service="ironing", **kwargs):
    given = {"area": "Offanengo", "day": DAY, "person": "anna", "cooperative": "koala"} | kwargs
    return Line(id=id, price=price, service=service, **given)


def a_voucher(
    id="v", cents=120_00, copay=50_00, ends=ENDS, slices=None, limits=None, solidarity=False, **terms
):
    slices = slices or (Slice("region", cents),)
    return VoucherBalance(id, Terms(ends=ends, **terms), slices, copay, limits or {}, solidarity)


def a_credit(id="c", cents=100_00, ends=ENDS, meter=None, **terms):
    return CreditGrant(id, Terms(ends=ends, **terms), cents, meter)


def paid(allocation):
    """Return what each tender pays of each line, by (line, tender)."""
    sums = {}
    for line in allocation.lines:
        for part in line.parts:
            sums[line.line, part.tender] = sums.get((line.line, part.tender), 0) + part.cents
    return sums


def rule(allocation, tender, line):
    return next((r.rule for r in allocation.refusals if (r.tender, r.line) == (tender, line)), None)


def whys(allocation, line="a"):
    parts = next(one.parts for one in allocation.lines if one.line == line)
    return [(part.tender, part.cents, part.why.code, dict(part.why.params)) for part in parts]


def test_six_kilos_of_ironing():
    tenders = Tenders(shares=(CompanyShare("pack", "a", 6_00),), vouchers=(a_voucher(services=IRONING),))

    allocation = allocate([a_line()], tenders)

    assert whys(allocation) == [
        ("pack", 6_00, Why.PACKAGE, {}),
        ("v", 11_70, Why.UP_TO_COPAY, {"copay": 50_00, "of": 23_40}),
        ("card", 11_70, Why.OWN_SHARE, {"copay": 50_00, "of": 23_40}),
    ]
    assert allocation.card == 11_70
    assert [(use.tender, use.used, use.unused) for use in allocation.uses] == [
        ("pack", 6_00, 0),
        ("v", 11_70, 108_30),
    ]


def test_a_euro_more_is_half_the_vouchers():
    tenders = Tenders(shares=(CompanyShare("pack", "a", 6_00),), vouchers=(a_voucher(),))

    assert allocate([a_line(price=30_40)], tenders).card == 12_20


def test_a_started_cent_of_the_co_payment_is_the_familys():
    assert paid(allocate([a_line(price=99_99)], Tenders(vouchers=(a_voucher(copay=3_333),)))) == {
        ("a", "v"): 66_66,
        ("a", "card"): 33_33,
    }
    assert allocate([a_line(price=1_01)], Tenders(vouchers=(a_voucher(),))).card == 51


def test_nothing_but_the_card():
    allocation = allocate([a_line()], Tenders())

    assert whys(allocation) == [("card", 29_40, Why.REST, {})]
    assert allocate([], Tenders()).lines == ()


def test_credit_pays_whole_lines_and_nothing_else_pays_them():
    lines = [a_line("a", 29_40), a_line("b", 60_00, "sitter"), a_line("c", 20_00)]
    shares = tuple(CompanyShare("pack", line, 6_00) for line in "abc")
    tenders = Tenders(credits=(a_credit(cents=70_00),), shares=shares, vouchers=(a_voucher(),))

    allocation = allocate(lines, tenders)

    assert whys(allocation, "b") == [("c", 60_00, Why.WHOLE_LINE, {})]
    assert rule(allocation, "c", "a") is Rule.EXHAUSTED
    assert rule(allocation, "v", "b") is Rule.PAID_WHOLE
    assert paid(allocation)["a", "v"] == 11_70
    assert [(use.tender, use.unused) for use in allocation.uses] == [
        ("c", 10_00),
        ("pack", 6_00),
        ("v", 101_30),
    ]


def test_credit_leaves_to_the_voucher_what_the_voucher_can_pay():
    lines = [a_line("a", 50_00), a_line("b", 40_00, "cleaning")]
    tenders = Tenders(credits=(a_credit(cents=50_00),), vouchers=(a_voucher(copay=0, services=IRONING),))

    allocation = allocate(lines, tenders)

    assert paid(allocation) == {("a", "v"): 50_00, ("b", "c"): 40_00}  # the dearer line would have left 40,00


def test_the_credit_that_expires_first_is_spent_first():
    soon, later = a_credit("z", 30_00, date(2026, 12, 31)), a_credit("c", 100_00)

    allocation = allocate([a_line("a", 30_00), a_line("b", 30_00)], Tenders(credits=(later, soon)))

    assert paid(allocation) == {("a", "z"): 30_00, ("b", "c"): 30_00}


def test_credits_look_ahead_to_each_other():
    narrow = a_credit("c", 30_00, services=IRONING)
    soon = a_credit("s", 30_00, date(2026, 12, 31))

    allocation = allocate([a_line("a", 30_00), a_line("b", 30_00, "sitter")], Tenders(credits=(narrow, soon)))

    assert paid(allocation) == {("a", "c"): 30_00, ("b", "s"): 30_00}


def test_many_lines_take_the_dearest_first():
    lines = [a_line(f"{i:02}", 10_00 + i) for i in range(11)]

    allocation = allocate(lines, Tenders(credits=(a_credit(cents=20_20),)))

    assert {key: cents for key, cents in paid(allocation).items() if key[1] == "c"} == {
        ("10", "c"): 10_10,
        ("09", "c"): 10_09,
    }


def test_fringe_lines_stop_at_the_years_limit():
    lines = [a_line("a", 30_00, fringe=True), a_line("b", 25_00, fringe=True), a_line("c", 20_00, "sitter")]
    grants = (a_credit("c", 50_00, meter="anna"), a_credit("d", 50_00, meter="anna"))

    allocation = allocate(lines, Tenders(credits=grants, fringe_room={"anna": 54_99}))

    assert paid(allocation) == {("a", "c"): 30_00, ("b", "card"): 25_00, ("c", "c"): 20_00}
    assert rule(allocation, "d", "b") is Rule.FRINGE_LIMIT
    assert (
        rule(allocate(lines, Tenders(credits=grants, fringe_room={"anna": 29_99})), "c", "a")
        is Rule.FRINGE_LIMIT
    )
    assert allocate(lines, Tenders(credits=grants, fringe_room={"anna": 55_00})).card == 0


def test_a_shared_meter_goes_where_it_covers_most():
    lines = [a_line("a", 60_00, fringe=True), a_line("b", 100_00, "cleaning", fringe=True)]
    first = a_credit("c", 60_00, date(2026, 12, 31), meter="anna", services=IRONING)
    second = a_credit("d", 100_00, meter="anna")

    allocation = allocate(lines, Tenders(credits=(first, second), fringe_room={"anna": 100_00}))

    assert paid(allocation) == {("a", "card"): 60_00, ("b", "d"): 100_00}


def test_the_company_never_pays_more_than_the_price():
    shares = (CompanyShare("p", "a", 20_00), CompanyShare("q", "a", 20_00))

    allocation = allocate([a_line()], Tenders(credits=(a_credit(),), shares=shares, vouchers=(a_voucher(),)))

    assert paid(allocation) == {("a", "p"): 20_00, ("a", "q"): 9_40}
    assert rule(allocation, "v", "a") is Rule.PAID_WHOLE
    assert rule(allocation, "c", "a") is Rule.PAID_WHOLE


def test_the_voucher_that_expires_first_is_spent_first_and_solidarity_last():
    vouchers = (
        a_voucher("s", 10_00, 0, date(2026, 12, 15), solidarity=True),
        a_voucher("a", 10_00, 0),
        a_voucher("z", 10_00, 0, date(2026, 12, 31)),
    )

    allocation = allocate([a_line(price=25_00)], Tenders(vouchers=vouchers))

    assert [(use.tender, use.used) for use in allocation.uses] == [("z", 10_00), ("a", 10_00), ("s", 5_00)]
    assert [why[2] for why in whys(allocation)] == [Why.ALL_IT_HAS, Why.ALL_IT_HAS, Why.COPAY_OF_LINE]


def test_a_voucher_makes_way_for_one_that_can_only_pay_here():
    wide = a_voucher("a", 50_00, 0, date(2026, 12, 31))
    narrow = a_voucher("b", 50_00, 0, services=IRONING)

    allocation = allocate(
        [a_line("a", 50_00), a_line("b", 50_00, "sitter")], Tenders(vouchers=(wide, narrow))
    )

    assert paid(allocation) == {("a", "b"): 50_00, ("b", "a"): 50_00}


def test_the_largest_co_payment_of_the_vouchers_used_is_the_lines():
    half, fifth = a_voucher("h", 30_00, 50_00, date(2026, 12, 31)), a_voucher("f", 100_00, 20_00)

    allocation = allocate([a_line(price=100_00)], Tenders(vouchers=(half, fifth)))

    assert whys(allocation) == [
        ("h", 30_00, Why.ALL_IT_HAS, {"balance": 30_00}),
        ("f", 20_00, Why.COPAY_OF_LINE, {"copay": 50_00, "of": 100_00}),
        ("card", 50_00, Why.OWN_SHARE, {"copay": 50_00, "of": 100_00}),
    ]


def test_a_co_payment_of_a_voucher_that_pays_nothing_here_binds_nobody():
    fifth, half = a_voucher("f", 100_00, 20_00, date(2026, 12, 31)), a_voucher("h", 100_00, 50_00)

    allocation = allocate([a_line(price=100_00)], Tenders(vouchers=(half, fifth)))

    assert paid(allocation) == {("a", "f"): 80_00, ("a", "card"): 20_00}
    assert rule(allocation, "h", "a") is Rule.COPAY


def test_two_vouchers_can_still_be_less_than_one():
    """A known limit of spending in the holder's order: switching the first one off, or last, helps here."""
    half, fifth = a_voucher("h", 100_00, 50_00, date(2026, 12, 31)), a_voucher("f", 100_00, 20_00)
    tenders = Tenders(vouchers=(half, fifth))

    assert allocate([a_line(price=100_00)], tenders).card == 50_00
    assert allocate([a_line(price=100_00)], tenders, Edits(off=frozenset({"h"}))).card == 20_00
    assert allocate([a_line(price=100_00)], tenders, Edits(order=("f",))).card == 20_00


def test_a_calls_limit_for_a_line():
    allocation = allocate(
        [a_line("a"), a_line("b")], Tenders(vouchers=(a_voucher(limits={"a": 8_00, "b": 0}),))
    )

    assert whys(allocation)[0] == ("v", 8_00, Why.LINE_LIMIT, {"limit": 8_00})
    assert rule(allocation, "v", "b") is Rule.LINE_LIMIT


def test_slices_are_spent_in_the_calls_order():
    slices = (Slice("region", 10_00), Slice("nobody", 0), Slice("district", 20_00))

    allocation = allocate(
        [a_line("a", 8_00), a_line("b", 8_00), a_line("c", 20_00)],
        Tenders(vouchers=(a_voucher(copay=0, slices=slices),)),
    )

    assert [(line.line, part.source, part.cents) for line in allocation.lines for part in line.parts] == [
        ("a", "region", 8_00),
        ("b", "region", 2_00),
        ("b", "district", 6_00),
        ("c", "district", 14_00),
        ("c", None, 6_00),
    ]
