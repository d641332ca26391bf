import pytest
from django.db import IntegrityError, connection, transaction

from kernel.errors import IllegalTransition
from ledger.ask_hold import ask_card_hold
from ledger.capture_hold import HoldFrozen, capture_card_hold
from ledger.chart import AccountName, card_held, card_payable, card_world
from ledger.drop_hold import drop_hold
from ledger.fund_hold import fund_card_hold
from ledger.models import Account, Balance, Entry, Hold, Transfer
from ledger.post import Move, TransferKeyReused, post
from ledger.verify import faults
from tests.builders import NOW
from tests.threads import at_once

pytestmark = pytest.mark.django_db

DISTRICT = 1


def _post(key: str, cents: int = 10_00) -> bool:
    moves = [Move(card_world(), card_payable(1), cents)]
    return post(key=key, event="test", district_id=DISTRICT, moves=moves, at=NOW)


def a_held_hold(cents: int = 10_00) -> Hold:
    hold = ask_card_hold(district_id=DISTRICT, purpose=f"test:{Hold.objects.count()}", cents=cents)
    fund_card_hold(hold.pk, now=NOW)
    hold.refresh_from_db()
    return hold


def test_the_same_key_posts_once():
    assert _post("a") is True
    assert _post("a") is False

    assert Entry.objects.count() == 2


def test_the_same_key_for_something_else_is_a_bug():
    _post("a")

    with pytest.raises(TransferKeyReused):
        _post("a", cents=9_99)


def test_money_does_not_change_books():
    with pytest.raises(ValueError, match="does not change books"):
        Move(card_world(), AccountName("P", "paid"), 1)


def test_an_account_with_a_floor_does_not_fall_below_it():
    with pytest.raises(IntegrityError, match="balance_not_below_zero"), transaction.atomic():
        post(key="a", event="test", district_id=DISTRICT, moves=[Move(card_held(1), card_world(), 1)], at=NOW)

    assert not Transfer.objects.exists()


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


def test_a_captured_hold_is_payable_less_the_commission_and_only_once():
    hold = a_held_hold(10_00)

    capture_card_hold(hold.pk, cooperative_id=7, commission=50, now=NOW)
    capture_card_hold(hold.pk, cooperative_id=7, commission=50, now=NOW)

    payable = Account.objects.get(kind="payable")
    assert payable.name == card_payable(7)
    assert sum(entry.cents for entry in payable.entries.all()) == 9_50
    assert Balance.objects.get(account__kind="held").cents == 0
    assert faults() == []


def test_a_frozen_hold_is_not_captured():
    hold = a_held_hold()
    Hold.objects.update(frozen=True)

    with pytest.raises(HoldFrozen):
        capture_card_hold(hold.pk, cooperative_id=7, commission=0, now=NOW)

    assert not Account.objects.filter(kind="payable").exists()


def test_a_funded_hold_is_never_simply_dropped():
    hold = a_held_hold()

    with pytest.raises(IllegalTransition):
        drop_hold(hold.pk)

    assert Hold.objects.get().open_cents == 10_00


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("behind_our_back", "complaint"),
    [
        ("UPDATE ledger_balance SET cents = cents + 1", "balance row says 1001"),
        ("DELETE FROM ledger_balance", "no balance row"),
        ("UPDATE ledger_entry SET cents = cents + 1 WHERE cents > 0", "sums to 1, not 0"),
        ("DELETE FROM ledger_entry WHERE cents > 0", "sums to -1000, not 0"),
        ("UPDATE ledger_hold SET open_cents = 900, released_cents = 100", "900 should lie in its account"),
        ("UPDATE ledger_hold SET state = 'asked'", "0 should lie in its account, 1000 do"),
    ],
)
def test_what_was_changed_behind_the_triggers_is_found_and_named(behind_our_back, complaint):
    a_held_hold(10_00)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(behind_our_back)
        cursor.execute("SET session_replication_role = origin")

    assert any(complaint in fault for fault in faults()), faults()


@pytest.mark.django_db(transaction=True)
def test_the_same_transfer_from_eight_threads_is_posted_once():
    results = at_once(8, lambda _: _post("a"))

    assert sorted(results) == [False] * 7 + [True]
    assert Entry.objects.count() == 2
    assert faults() == []
