import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditRow
from kernel.errors import IllegalTransition
from ledger.chart import AccountName, card_payable, card_world, held
from ledger.holds import ask_card_hold, capture, drop_hold, freeze, fund_card_hold
from ledger.models import Account, Balance, Entry, Hold, HoldFrozen, HoldTooSmall, Transfer
from ledger.post import Move, TransferKeyReused, post
from ledger.sums import lies_in, take_checkpoints
from ledger.verify import faults
from tests.builders import NOW, SOMEBODY
from tests.threads import at_once

pytestmark = pytest.mark.django_db

DISTRICT = 1
PAYABLE = card_payable(7)


def _post(key: str, cents: int = 10_00) -> bool:
    moves = [Move(card_world(), PAYABLE, cents)]
    return post(key=key, event="test", district_id=DISTRICT, moves=moves, by=SOMEBODY, now=NOW)


def a_held_hold(cents: int = 10_00) -> Hold:
    hold = ask_card_hold(district_id=DISTRICT, purpose=f"test:{Hold.objects.count()}", cents=cents)
    fund_card_hold(hold.pk, by=SOMEBODY, now=NOW)
    hold.refresh_from_db()
    return hold


def test_the_same_key_posts_once():
    assert _post("a") is True
    assert _post("a") is False

    assert (Entry.objects.count(), AuditRow.objects.count()) == (2, 1)


def test_the_same_key_for_something_else_is_a_bug():
    _post("a")

    with pytest.raises(TransferKeyReused):
        _post("a", cents=9_99)


def test_money_does_not_change_books():
    with pytest.raises(ValueError, match="does not change books"):
        Move(card_world(), AccountName("P", "paid"), 1)


def test_an_account_with_a_floor_does_not_fall_below_it():
    moves = [Move(held("C", 1), card_world(), 1)]

    with pytest.raises(IntegrityError, match="balance_above_floor"), transaction.atomic():
        post(key="a", event="test", district_id=DISTRICT, moves=moves, by=SOMEBODY, now=NOW)

    assert not Transfer.objects.exists()
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_transfer"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_what_is_written_is_never_changed(table, statement):
    _post("a")

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_transfer_that_does_not_sum_to_zero_is_refused_by_the_database():
    _post("a")
    with transaction.atomic():
        Entry.objects.create(
            transfer=Transfer.objects.get(), account=Account.objects.first(), cents=1, at=NOW
        )
        with pytest.raises(IntegrityError, match="does not sum to zero"):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_a_hold_is_captured_in_parts_and_each_part_once():
    hold = a_held_hold(10_00)

    for _ in range(2):
        capture(hold.pk, 4_00, payable=PAYABLE, key="a", by=SOMEBODY, now=NOW)
    capture(hold.pk, 6_00, payable=PAYABLE, key="b", by=SOMEBODY, now=NOW)

    hold.refresh_from_db()
    assert (hold.state, hold.captured_cents, hold.open_cents) == (Hold.State.CLOSED, 10_00, 0)
    assert lies_in(DISTRICT, PAYABLE) == 10_00
    assert Balance.objects.get(account__kind="held").cents == 0
    assert faults() == []


def test_more_than_is_open_cannot_be_taken_and_nothing_is_posted():
    hold = a_held_hold(10_00)

    with pytest.raises((HoldTooSmall, IntegrityError)), transaction.atomic():
        capture(hold.pk, 10_01, payable=PAYABLE, key="a", by=SOMEBODY, now=NOW)

    assert lies_in(DISTRICT, PAYABLE) == 0


def test_a_frozen_hold_is_not_captured_until_the_dispute_is_decided():
    hold = a_held_hold()
    freeze([hold.pk], frozen=True)

    with pytest.raises(HoldFrozen), transaction.atomic():
        capture(hold.pk, 10_00, payable=PAYABLE, key="a", by=SOMEBODY, now=NOW)
    assert lies_in(DISTRICT, PAYABLE) == 0

    freeze([hold.pk], frozen=False)
    assert capture(hold.pk, 10_00, payable=PAYABLE, key="a", by=SOMEBODY, now=NOW)


def test_a_funded_hold_is_never_simply_dropped():
    hold = a_held_hold()

    with pytest.raises(IllegalTransition), transaction.atomic():
        drop_hold(hold.pk)

    assert Hold.objects.get().open_cents == 10_00


def test_a_sum_with_a_checkpoint_is_the_sum_without():
    for number in range(5):
        _post(f"before:{number}")
    assert take_checkpoints(NOW) == 2
    for number in range(3):
        _post(f"after:{number}")

    assert lies_in(DISTRICT, PAYABLE) == 80_00
    assert take_checkpoints(NOW) == 2
    assert take_checkpoints(NOW) == 0
    assert lies_in(DISTRICT, PAYABLE) == 80_00
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_the_same_transfer_from_eight_threads_is_posted_once():
    results = at_once(8, lambda _: _post("a"))

    assert sorted(results) == [False] * 7 + [True]
    assert Entry.objects.count() == 2
    assert faults() == []
