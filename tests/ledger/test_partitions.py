"""The entries can be partitioned by month by an operator's procedure, and no code knows of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import holds, payouts, public
from ledger.chart import public_budget
from ledger.models import Entry
from ledger.payouts import Payout
from ledger.sums import lies_in, take_checkpoints
from ledger.verify import faults
from tests.builders import SOMEBODY
from tests.conftest import _administer, _template, _use
from tests.ledger.races import COOP, DISTRICT, PAYABLE, SLICE, SOURCE, VOUCHER
from tests.threads import at_once

PROCEDURE = Path(__file__).resolve().parent.parent.parent / "docs/sql/partition_entries.sql"
OCTOBER = datetime(2026, 10, 31, 22, 59, tzinfo=UTC)  # one minute to midnight in Rome, in winter time
NOVEMBER = OCTOBER + timedelta(minutes=1)
BUDGET = public_budget(SOURCE)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scratch() -> Iterator[None]:
    """A database of the test's own, for what no test could undo."""
    own = connection.settings_dict["NAME"]
    name = f"scratch_{own}"
    _administer("CREATE DATABASE {} TEMPLATE {}", name, _template())
    _use(name)
    yield
    _use(own)
    _administer("DROP DATABASE {} WITH (FORCE)", name)


def do(statements: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statements)
        return cursor.fetchall() if cursor.description else []


def partition() -> None:
    script, analyze = PROCEDURE.read_text().split("COMMIT;")
    do(script + "COMMIT;")
    do(analyze)


def appropriate(act: str, *, now: datetime, cents: int = 100_00) -> bool:
    return public.appropriate(SOURCE, cents, act=act, district_id=DISTRICT, by=SOMEBODY, now=now)


def entries_by_partition() -> dict[str, int]:
    return dict(do("SELECT tableoid::regclass::text, count(*) FROM ledger_entry GROUP BY 1"))


def spend(stem: str, *, now: datetime) -> None:
    known: dict[str, Any] = {"district_id": DISTRICT, "by": SOMEBODY, "now": now}
    public.issue(VOUCHER, SOURCE, 50_00, **known)
    hold = holds.set_aside(purpose=stem, source=SLICE, cents=10_00, **known)
    holds.capture(hold.pk, 6_00, payable=PAYABLE["P"], key=stem, by=SOMEBODY, now=now)
    holds.release(hold.pk, 4_00, key=stem, by=SOMEBODY, now=now)
    payouts.start_payout(Payout(stem, DISTRICT, COOP, PAYABLE["P"]), by=SOMEBODY, now=now)


@pytest.fixture
def _partitioned(scratch: None) -> None:
    """Two months of entries, one checkpoint, then the procedure."""
    appropriate("october", now=OCTOBER)
    spend("october", now=OCTOBER)
    take_checkpoints(OCTOBER)
    appropriate("november", now=NOVEMBER)
    partition()


@pytest.mark.usefixtures("_partitioned")
def test_entries_of_two_months_lie_in_two_partitions_and_the_books_are_whole():
    assert entries_by_partition() == {"ledger_entry_2026_10": 12, "ledger_entry_2026_11": 2}

    assert faults() == []
    assert lies_in(DISTRICT, BUDGET) == 150_00


@pytest.mark.usefixtures("_partitioned")
def test_the_verbs_post_and_replay_as_before():
    last = Entry.objects.latest("pk").pk

    assert appropriate("october", now=OCTOBER) is False
    assert appropriate("december", now=NOVEMBER + timedelta(days=30)) is True
    spend("december", now=NOVEMBER + timedelta(days=30))

    assert entries_by_partition()["ledger_entry_2026_12"] == 2 + 8  # the issue is a replay
    assert Entry.objects.filter(pk__gt=last).count() == Entry.objects.count() - 14
    assert take_checkpoints(NOVEMBER) > 0
    assert take_checkpoints(NOVEMBER) == 0
    assert lies_in(DISTRICT, BUDGET) == 250_00
    assert faults() == []


@pytest.mark.usefixtures("_partitioned")
def test_the_same_act_from_eight_threads_is_posted_once():
    results = at_once(8, lambda _: appropriate("at once", now=NOVEMBER))

    assert sorted(results) == [False] * 7 + [True]
    assert faults() == []


@pytest.mark.usefixtures("_partitioned")
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_entry_2026_10", "ledger_entry_2026_11"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET cents = cents + 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_is_written_is_still_never_changed(table, statement):
    with pytest.raises(IntegrityError, match="append-only"):
        do(statement.format(table))

    assert faults() == []


@pytest.mark.usefixtures("_partitioned")
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_entry_2026_11"])
def test_a_transfer_still_sums_to_zero_wherever_its_entry_is_laid(table):
    known = Entry.objects.latest("pk")

    with pytest.raises(IntegrityError, match="does not sum to zero"):
        do(
            f"INSERT INTO {table} (transfer_id, account_id, cents, at)"
            f" VALUES ({known.transfer_id}, {known.account_id}, 1, '{known.at.isoformat()}')"
        )

    assert Entry.objects.count() == 14


def lay(*legs: tuple[int, datetime], transfer_id: int) -> None:
    account_id = Entry.objects.latest("pk").account_id
    with transaction.atomic():
        for cents, at in legs:
            Entry.objects.create(transfer_id=transfer_id, account_id=account_id, cents=cents, at=at)


@pytest.mark.usefixtures("_partitioned")
def test_entries_of_one_transfer_do_not_lie_in_two_months():
    known = Entry.objects.latest("pk").transfer_id

    with pytest.raises(IntegrityError, match="does not sum to zero"):
        lay((1, OCTOBER), (-1, NOVEMBER), transfer_id=known)

    assert Entry.objects.count() == 14


@pytest.mark.usefixtures("_partitioned")
def test_entries_of_no_transfer_are_still_refused():
    with pytest.raises(IntegrityError, match="fk_ledger_transfer"):
        lay((1, NOVEMBER), (-1, NOVEMBER), transfer_id=999_999)

    assert Entry.objects.count() == 14


@pytest.mark.usefixtures("_partitioned")
def test_what_falls_into_no_month_is_kept_and_more_months_are_made_ahead():
    assert appropriate("2040", now=datetime(2040, 2, 29, tzinfo=UTC)) is True
    made = do("SELECT ledger_entry_months('2035-01-01', '2035-12-31')")
    again = do("SELECT ledger_entry_months('2035-01-01', '2035-12-31')")
    assert appropriate("2035", now=datetime(2035, 12, 31, 22, 30, tzinfo=UTC)) is True

    assert (made, again) == ([(12,)], [(0,)])
    assert (
        entries_by_partition() | {"ledger_entry_2035_12": 2, "ledger_entry_other": 2}
        == entries_by_partition()
    )
    assert faults() == []


@pytest.mark.usefixtures("_partitioned")
def test_the_database_looks_into_one_month_for_the_entries_of_a_transfer():
    plan = "\n".join(
        str(line)
        for (line,) in do(
            "EXPLAIN SELECT FROM ledger_entry e WHERE e.transfer_id = 1 AND e.at = '2026-10-31 22:59+00'"
        )
    )

    assert "ledger_entry_2026_10" in plan
    assert "ledger_entry_2026_11" not in plan
