"""What was written behind the triggers, as an owner of the database could, is found by ``verify_ledger`` and named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.seal import seal_audit
from audit.verify import verify_audit
from ledger import card, holds, welfare
from ledger.models import Entry, Hold
from ledger.sums import take_checkpoints
from ledger.verify import faults
from tests.audit.gate import behind_our_back
from tests.builders import NOW, SOMEBODY
from tests.ledger import races
from tests.ledger.corruptions import CORRUPTIONS
from tests.ledger.races import COMPANY, COOP, DONE, KNOWN, PAYABLE

pytestmark = pytest.mark.django_db(transaction=True)


def books_with_something_in_them() -> None:
    """A card's hold captured in part and refunded in part, a company with a limit, a hold of public money."""
    card_hold = races.a_hold("C", 10_00)
    holds.capture(card_hold, 4_00, payable=PAYABLE["C"], key="delivery:1", **DONE)
    card.ask_refund_of_delivered(card_hold, 1_00, cooperative_id=COOP, refund="refund:1", **DONE)
    races.a_hold("P", 5_00)
    closed = races.a_hold("W", 2_00)
    holds.capture(closed, 2_00, payable=PAYABLE["W"], key="delivery:2", **DONE)
    welfare.set_credit_limit(COMPANY, 20_00, **KNOWN)
    take_checkpoints(NOW)
    seal_audit(NOW)


def tamper(statements: str) -> None:
    with behind_our_back(), connection.cursor() as cursor:
        cursor.execute(statements)


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_what_was_changed_behind_the_triggers_is_found_and_named(corruption):
    statements, complaint = CORRUPTIONS[corruption]
    books_with_something_in_them()
    assert faults() == []

    tamper(statements)

    assert any(complaint in fault for fault in faults()), faults()
    with pytest.raises(CommandError):
        call_command("verify_ledger")


# --- What the books alone cannot know, the chain does ------------------------------------------------------------
def test_a_transfer_that_vanished_with_its_audit_row_is_missed_by_the_chain():
    card.book_card_fee(payment="1", cents=68, **KNOWN)
    seal_audit(NOW)

    tamper("DELETE FROM ledger_entry; DELETE FROM ledger_transfer; DELETE FROM audit_auditrow")

    assert faults() == []
    with pytest.raises(CommandError, match=r"row \d+, sealed as 1, is missing"):
        call_command("verify_ledger")


def test_a_transfer_rewritten_with_its_fingerprint_and_its_audit_row_is_missed_by_the_chain():
    welfare.pay_in(COMPANY, 10_00, through="bank", act="a", **KNOWN)
    welfare.pay_in(COMPANY, 20_00, through="bank", act="b", **KNOWN)
    seal_audit(NOW)

    # The second becomes a twin of the first, everywhere.
    tamper(
        """
        UPDATE ledger_entry SET cents = cents / 2 WHERE abs(cents) = 2000;
        UPDATE ledger_balance SET cents = 2000;
        UPDATE ledger_transfer SET fingerprint = (SELECT fingerprint FROM ledger_transfer WHERE key = 'pay-in:a');
        UPDATE audit_auditrow SET facts = facts || jsonb_build_object('fingerprint',
            (SELECT fingerprint FROM ledger_transfer WHERE key = 'pay-in:a'));
        """
    )

    assert faults() == []
    with pytest.raises(CommandError, match="was changed after it was sealed"):
        call_command("verify_ledger")


def test_a_transfer_forged_with_an_audit_row_past_the_triggers_is_missed_by_the_chain():
    seal_audit(NOW)
    with behind_our_back():
        welfare.pay_in(COMPANY, 10_00, through="bank", act="a", by=SOMEBODY, now=NOW, district_id=1)

    assert faults() == []
    assert "was slipped in" in verify_audit(NOW).faults[0]
    with pytest.raises(CommandError, match="was slipped in"):
        call_command("verify_ledger")


def test_books_in_order_are_said_to_balance(capsys):
    books_with_something_in_them()

    call_command("verify_ledger")

    assert f"The books balance: {Entry.objects.count()} entries" in capsys.readouterr().out
    assert Hold.objects.count() == 3
