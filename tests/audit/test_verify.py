"""What was changed behind the triggers is found, and named."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import audit.verify
from audit.digest import GENESIS, digest_of, microseconds, values_of
from audit.models import AuditRow, AuditSeal
from audit.record import record
from audit.seal import seal_audit
from audit.verify import Head, verify_audit
from tests.audit.gate import behind_our_back
from tests.builders import NOW, SOMEBODY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ids_from_one() -> None:
    """Tests that were rolled back have used ids up: the rows below are called by theirs."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditrow RESTART IDENTITY CASCADE")


def a_chain(length: int = 6) -> None:
    """Rows 1 … length sealed as 1 … length, anchored at every second."""
    for number in range(length):
        facts = {"cents": 100 * number, "perché": "né più né meno"}
        record("place", subject=f"purchase:{number}", district_id=1, by=SOMEBODY, now=NOW, facts=facts)
    seal_audit(NOW, batch=2)


def tamper(*statements: str) -> None:
    with behind_our_back(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def make_the_chain_anew() -> None:
    """Do what an owner of the database could: recompute all seals over what stands there now."""
    previous = GENESIS
    rows = values_of(list(AuditRow.objects.values_list("pk", flat=True)))
    for number, values in enumerate(rows, 1):
        digest = digest_of(values, number=number, previous=previous, sealed_at=microseconds(NOW))
        with behind_our_back():
            AuditSeal.objects.filter(number=number).update(previous=previous, digest=digest)
        previous = digest


def test_an_untouched_chain_holds():
    a_chain()

    findings = verify_audit(NOW)

    assert (findings.seals, findings.faults, findings.warnings) == (6, [], [])
    assert findings.head == Head(6, AuditSeal.objects.get(number=6).digest)


def test_no_chain_at_all_holds_too():
    findings = verify_audit(NOW)

    assert (findings.seals, findings.head, findings.faults) == (0, None, [])


def test_a_chain_of_many_pages_holds(monkeypatch):
    monkeypatch.setattr(audit.verify, "PAGE", 4)
    a_chain(11)

    assert verify_audit(NOW).faults == []


CHANGES = [
    "at = at + interval '1 microsecond'",
    "district_id = 2",
    "who = 'user:1'",
    "on_behalf_of = 'holder:1'",
    "through = 'web'",
    "verb = 'cancel'",
    "subject = 'purchase:X'",
    "reason = 'because'",
    "facts = '{\"cents\": 101}'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_named_whatever_was_changed(change):
    a_chain()

    tamper(f"UPDATE audit_auditrow SET {change} WHERE id = 3")

    assert verify_audit(NOW).faults == ["row 3, sealed as 3, was changed after it was sealed"]


@pytest.mark.parametrize(
    ("statements", "faults"),
    [
        (["DELETE FROM audit_auditrow WHERE id = 3"], ["row 3, sealed as 3, is missing"]),
        (["DELETE FROM audit_auditseal WHERE number = 3"], ["seal 3 is missing"]),
        (["DELETE FROM audit_auditseal WHERE number < 4"], ["seals 1 to 3 are missing"]),
        (
            ["DELETE FROM audit_auditseal WHERE number = 3", "DELETE FROM audit_auditrow WHERE id = 3"],
            ["seal 3 is missing"],
        ),
        (
            ["UPDATE audit_auditseal SET sealed_at = sealed_at - interval '1 day' WHERE number = 3"],
            ["row 3, sealed as 3, was changed after it was sealed"],
        ),
        (
            ["UPDATE audit_auditseal SET previous = digest WHERE number = 3"],
            ["seal 3 was changed: it names another seal as the one before"],
        ),
        # The rows changed places.
        (
            [
                "UPDATE audit_auditrow SET id = 99 WHERE id = 3",
                "UPDATE audit_auditrow SET id = 3 WHERE id = 5",
                "UPDATE audit_auditrow SET id = 5 WHERE id = 99",
            ],
            [
                "row 3, sealed as 3, was reordered: what was sealed there is in row 5",
                "row 5, sealed as 5, was reordered: what was sealed there is in row 3",
            ],
        ),
        # The seals name each other's rows.
        (
            [
                "UPDATE audit_auditseal SET row_id = 99 WHERE number = 3",
                "UPDATE audit_auditseal SET row_id = 3 WHERE number = 5",
                "UPDATE audit_auditseal SET row_id = 5 WHERE number = 3",
            ],
            [
                "row 5, sealed as 3, was reordered: what was sealed there is in row 3",
                "row 3, sealed as 5, was reordered: what was sealed there is in row 5",
            ],
        ),
        (
            ["DELETE FROM audit_auditseal WHERE number > 4"],
            ["the chain was cut at the end: it was anchored at 6 and ends at 4"],
        ),
        (
            ["DELETE FROM audit_auditseal WHERE number > 3", "DELETE FROM audit_auditrow WHERE id > 3"],
            ["the chain was cut at the end: it was anchored at 6 and ends at 3"],
        ),
        (
            ["DELETE FROM audit_auditseal"],
            ["the chain was cut at the end: it was anchored at 6 and ends at 0"],
        ),
        (
            ["DELETE FROM audit_auditanchor WHERE number = 6"],
            ["the chain ends at 6, but its newest anchor is 4: anchors were cut"],
        ),
        (
            ["UPDATE audit_auditanchor SET digest = sha256('') WHERE number = 4"],
            ["seal 4 is not the one that was anchored: changed, or made anew"],
        ),
    ],
)
def test_what_is_missing_reordered_or_cut_is_named(statements, faults):
    a_chain()

    tamper(*statements)

    assert verify_audit(NOW).faults == faults


def test_seals_that_changed_numbers_are_named_as_reordered():
    a_chain()

    tamper(
        "UPDATE audit_auditseal SET number = 99 WHERE number = 3",
        "UPDATE audit_auditseal SET number = 3 WHERE number = 5",
        "UPDATE audit_auditseal SET number = 5 WHERE number = 99",
    )

    assert verify_audit(NOW).faults[0] == "row 5, sealed as 3, was reordered: that seal now has number 5"


def test_the_first_wrong_row_comes_first_and_each_is_one_fault():
    a_chain()

    tamper("UPDATE audit_auditrow SET who = 'user:1' WHERE id in (2, 5)")

    assert [fault.split(",")[0] for fault in verify_audit(NOW).faults] == ["row 2", "row 5"]


def test_a_chain_made_anew_over_changed_rows_is_given_away_by_its_anchors():
    a_chain()

    tamper("UPDATE audit_auditrow SET who = 'user:1' WHERE id = 3")
    make_the_chain_anew()

    assert verify_audit(NOW).faults == [
        "seal 4 is not the one that was anchored: changed, or made anew",
        "seal 6 is not the one that was anchored: changed, or made anew",
    ]


def test_a_chain_made_anew_with_its_anchors_is_found_only_by_whoever_noted_its_head():
    a_chain()
    noted = verify_audit(NOW).head

    tamper("UPDATE audit_auditrow SET who = 'user:1' WHERE id = 3")
    make_the_chain_anew()
    tamper(
        "UPDATE audit_auditanchor a SET digest = s.digest FROM audit_auditseal s WHERE s.number = a.number"
    )

    assert verify_audit(NOW).faults == []
    assert verify_audit(NOW, noted=noted).faults == [
        "seal 6 is not the one that was noted: the chain was made anew"
    ]


def test_a_tail_cut_off_with_its_anchors_is_found_only_by_whoever_noted_the_head():
    a_chain()
    noted = verify_audit(NOW).head

    tamper(
        *(f"DELETE FROM audit_audit{table} WHERE number > 4" for table in ("seal", "anchor")),
        "DELETE FROM audit_auditrow WHERE id > 4",
    )

    assert verify_audit(NOW).faults == []
    assert verify_audit(NOW, noted=noted).faults == [
        "the chain was cut at the end: 6 was noted, and it ends at 4"
    ]


def test_an_earlier_note_holds_while_the_chain_grows():
    a_chain()
    noted = verify_audit(NOW).head
    a_chain()

    assert verify_audit(NOW, noted=noted).faults == []


def test_of_very_many_faults_the_first_twenty_are_told():
    a_chain(30)

    tamper("UPDATE audit_auditrow SET who = 'user:1'")

    assert len(verify_audit(NOW).faults) == 20


def test_a_row_slipped_in_past_the_triggers_is_found_and_never_sealed():
    a_chain()
    with behind_our_back():
        forged = record("place", subject="purchase:X", district_id=1, by=SOMEBODY, now=NOW)

    assert seal_audit(NOW) == 0
    assert verify_audit(NOW).faults == [
        f"row {forged.pk} was slipped in: it has no seal and wants none (1 such)"
    ]


def test_a_row_struck_off_the_list_so_that_it_is_never_sealed_is_found():
    a_chain()
    row = record("place", subject="purchase:X", district_id=1, by=SOMEBODY, now=NOW)

    tamper("DELETE FROM audit_auditunsealed")

    assert verify_audit(NOW).faults == [
        f"row {row.pk} was slipped in: it has no seal and wants none (1 such)"
    ]


def test_rows_that_should_have_been_sealed_long_ago_are_a_warning():
    a_chain()
    row = record("place", subject="purchase:X", district_id=1, by=SOMEBODY, now=NOW)

    assert verify_audit(NOW + timedelta(minutes=4)).warnings == []
    assert verify_audit(NOW + timedelta(minutes=6)).warnings == [
        f"1 rows older than 5 minutes are not sealed, the first is row {row.pk}"
    ]
    assert verify_audit(NOW + timedelta(minutes=6)).faults == []


def test_the_command_prints_the_head_and_takes_it_back(capsys):
    a_chain()

    call_command("verify_audit")
    head = capsys.readouterr().out.split()[-1]

    assert head == str(Head(6, AuditSeal.objects.get(number=6).digest))
    call_command("verify_audit", "--noted", head)
    with pytest.raises(CommandError, match="is not the one that was noted"):
        call_command("verify_audit", "--noted", "6:" + "0" * 64)


@pytest.mark.parametrize("words", ["", "6", "6:", "6:xyz", "0:" + "0" * 64, "6:00"])
def test_what_is_not_a_head_is_not_taken_for_one(words):
    with pytest.raises(CommandError, match="noted"):
        call_command("verify_audit", "--noted", words)


def test_the_command_fails_with_the_first_wrong_row_in_words(capsys):
    a_chain()
    tamper("DELETE FROM audit_auditrow WHERE id = 2", "DELETE FROM audit_auditseal WHERE number > 4")

    with pytest.raises(CommandError) as failure:
        call_command("verify_audit")

    assert failure.value.returncode == 1
    assert str(failure.value).splitlines()[0] == "row 2, sealed as 2, is missing"
