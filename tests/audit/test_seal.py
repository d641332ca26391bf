"""The sealer chains what is committed, once, whoever else seals and whenever it dies."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

import audit.seal
from audit.digest import COLUMNS, GENESIS
from audit.models import AuditAnchor, AuditRow, AuditSeal, AuditUnsealed
from audit.record import PLATFORM, record
from audit.seal import seal_audit
from audit.verify import verify_audit
from tests.audit.gate import kill, nobody_writes, wait_for_waiting
from tests.builders import NOW, SOMEBODY
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def an_act(subject: str = "purchase:7KQ429") -> AuditRow:
    return record("place", subject=subject, district_id=PLATFORM, by=SOMEBODY, now=NOW, facts={"cents": 4_90})


def sealed_rows() -> list[int]:
    return list(AuditSeal.objects.order_by("number").values_list("row_id", flat=True))


def test_a_row_wants_its_seal_until_it_has_it():
    row = an_act()
    assert AuditUnsealed.objects.get().row == row

    assert seal_audit(NOW) == 1

    assert sealed_rows() == [row.pk]
    assert not AuditUnsealed.objects.exists()


def test_an_act_that_was_rolled_back_leaves_nothing_to_seal():
    with transaction.atomic():
        an_act()
        transaction.set_rollback(True)

    assert seal_audit(NOW) == 0


def test_sealing_again_seals_nothing():
    an_act()
    seal_audit(NOW)

    assert seal_audit(NOW) == 0

    assert AuditSeal.objects.count() == AuditAnchor.objects.count() == 1


def test_each_seal_names_the_one_before_and_the_anchor_the_last():
    for _ in range(5):
        an_act()

    assert seal_audit(NOW, batch=2) == 5

    seals = list(AuditSeal.objects.order_by("number"))
    assert [seal.number for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.previous for seal in seals] == [GENESIS, *(seal.digest for seal in seals[:-1])]
    anchors = AuditAnchor.objects.order_by("number")
    assert [(a.number, a.digest) for a in anchors] == [(n, seals[n - 1].digest) for n in (2, 4, 5)]


def test_one_run_seals_no_more_than_it_may_and_the_next_goes_on():
    for _ in range(5):
        an_act()

    assert seal_audit(NOW, batch=2, most=2) == 2
    assert seal_audit(NOW, batch=2) == 3

    assert verify_audit(NOW).faults == []


def test_every_column_of_a_row_is_under_its_seal():
    assert {field.attname for field in AuditRow._meta.concrete_fields} == set(COLUMNS)


@pytest.mark.parametrize("table", ["audit_auditrow", "audit_auditseal", "audit_auditanchor"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_rows_seals_and_anchors_are_never_changed(table, statement):
    an_act()
    seal_audit(NOW)
    column = "id" if table == "audit_auditrow" else "number"

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column))


@pytest.mark.parametrize("table", ["audit_auditrow", "audit_auditseal", "audit_auditanchor"])
def test_rows_seals_and_anchors_are_never_emptied(table):
    with connection.cursor() as cursor:
        # The tests' template switches this one trigger off, and only that.
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_commits_late_gets_a_later_number():
    has_its_id, may_commit = Event(), Event()

    def act_slowly() -> int:
        try:
            with transaction.atomic():
                row = an_act("purchase:SLOW")
                has_its_id.set()
                assert may_commit.wait(timeout=10)
            return row.pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(act_slowly)
        assert has_its_id.wait(timeout=10)
        quick = an_act("purchase:QUICK")
        assert seal_audit(NOW) == 1
        may_commit.set()
        late_id = slow.result()

    assert late_id < quick.pk
    assert seal_audit(NOW) == 1
    assert sealed_rows() == [quick.pk, late_id]
    assert verify_audit(NOW).faults == []


@pytest.mark.django_db(transaction=True)
def test_eight_sealers_at_once_seal_each_row_once():
    for _ in range(100):
        an_act()

    sealed = at_once(8, lambda _: seal_audit(NOW, batch=10))
    rest = seal_audit(NOW)

    assert all(isinstance(count, int) for count in sealed), sealed
    assert sum(sealed) + rest == 100
    assert sorted(sealed_rows()) == list(AuditRow.objects.order_by("pk").values_list("pk", flat=True))
    assert verify_audit(NOW).faults == []


def two_sealers_held_up(*, waiting: int) -> list[object]:
    """Have two sealers reach the moment of writing together, if both get there."""
    an_act()
    with ThreadPoolExecutor(1) as pool:
        with nobody_writes("audit_auditseal"):
            sealers = pool.submit(at_once, 2, lambda _: seal_audit(NOW))
            wait_for_waiting(waiting)
        return sealers.result()


@pytest.mark.django_db(transaction=True)
def test_while_one_seals_the_other_leaves_it_to_it():
    assert sorted(two_sealers_held_up(waiting=1)) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_without_the_sealers_lock_two_would_make_the_same_seal(monkeypatch):
    monkeypatch.setattr(audit.seal, "only_sealer", lambda: True)

    results = two_sealers_held_up(waiting=2)

    assert [result for result in results if isinstance(result, IntegrityError)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["audit_auditseal", "audit_auditunsealed", "audit_auditanchor"])
def test_a_sealer_killed_at_any_step_leaves_nothing_half_done(table):
    for _ in range(3):
        an_act()

    with ThreadPoolExecutor(1) as pool, nobody_writes(table):
        sealer = pool.submit(at_once, 1, lambda _: seal_audit(NOW))
        kill(*wait_for_waiting(1))
        (death,) = sealer.result()
    assert isinstance(death, OperationalError)

    assert not AuditSeal.objects.exists()
    assert not AuditAnchor.objects.exists()
    assert AuditUnsealed.objects.count() == 3
    assert seal_audit(NOW) == 3
    assert verify_audit(NOW).faults == []
