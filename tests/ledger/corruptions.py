"""Corruptions: what an owner of the database writes behind the triggers, and the words in which it is found.

The books are those of ``books_with_something_in_them`` in ``test_corruption``.
"""

CARD = "(SELECT id FROM ledger_hold WHERE book = 'C')"
PUBLIC = "(SELECT id FROM ledger_hold WHERE book = 'P')"
COLLECTED = "(SELECT id FROM ledger_transfer WHERE key LIKE 'fund:%')"
CAPTURED = "(SELECT min(id) FROM ledger_transfer WHERE event = 'captured')"

CORRUPTIONS = {
    # Entries
    "an entry changed": (
        f"UPDATE ledger_entry SET cents = cents + 1 WHERE cents > 0 AND transfer_id = {COLLECTED}",
        "book C sums to 1, not 0",
    ),
    "entries changed so that they still sum to zero": (
        f"UPDATE ledger_entry SET cents = cents * 2 WHERE transfer_id = {COLLECTED}",
        "not those it was posted with",
    ),
    "an entry missing": (
        f"DELETE FROM ledger_entry WHERE cents > 0 AND transfer_id = {COLLECTED}",
        "sums to -1000, not 0",
    ),
    "all entries of a transfer missing": (
        f"DELETE FROM ledger_entry WHERE transfer_id = {COLLECTED}",
        "not those it was posted with",
    ),
    "an entry added": (
        (
            "INSERT INTO ledger_entry (transfer_id, account_id, cents, at)"
            f" SELECT {COLLECTED}, id, 1, now() FROM ledger_account WHERE kind = 'payable' AND book = 'C'"
        ),
        "book C sums to 1, not 0",
    ),
    "entries added so that they sum to zero": (
        (
            "INSERT INTO ledger_entry (transfer_id, account_id, cents, at)"
            f" SELECT {COLLECTED}, id, CASE kind WHEN 'world' THEN -1 ELSE 1 END, now() FROM ledger_account"
            " WHERE book = 'C' AND kind IN ('world', 'payable')"
        ),
        "not those it was posted with",
    ),
    "entries of no transfer": (
        (
            "INSERT INTO ledger_entry (transfer_id, account_id, cents, at)"
            " SELECT 999999, id, CASE kind WHEN 'world' THEN -1 ELSE 1 END, now() FROM ledger_account"
            " WHERE book = 'C' AND kind IN ('world', 'payable')"
        ),
        "its transfer, its account or the moment",
    ),
    "an entry laid elsewhere": (
        (
            "UPDATE ledger_entry SET account_id = (SELECT id FROM ledger_account WHERE book = 'C' AND kind = 'world')"
            f" WHERE cents > 0 AND transfer_id = {CAPTURED}"
        ),
        "not those it was posted with",
    ),
    "entries that changed transfers": (
        f"UPDATE ledger_entry SET transfer_id = {CAPTURED} WHERE transfer_id = {COLLECTED}",
        "not those it was posted with",
    ),
    "an entry at another time": (
        f"UPDATE ledger_entry SET at = at - interval '1 month' WHERE cents > 0 AND transfer_id = {COLLECTED}",
        "the moment of its transfer is another",
    ),
    # Transfers
    "a transfer missing": (
        f"DELETE FROM ledger_transfer WHERE id = {CAPTURED}",
        "capture:delivery:1: on record, and no longer there",
    ),
    "a transfer missing with its entries": (
        f"DELETE FROM ledger_entry WHERE transfer_id = {CAPTURED}; DELETE FROM ledger_transfer WHERE id = {CAPTURED}",
        "capture:delivery:1: on record, and no longer there",
    ),
    "a transfer's key changed": (
        f"UPDATE ledger_transfer SET key = 'other' WHERE id = {CAPTURED}",
        "transfer other: nobody is on record for it",
    ),
    "a transfer's event changed": (
        f"UPDATE ledger_transfer SET event = 'collected' WHERE id = {CAPTURED}",
        "nobody is on record for it, or for something else",
    ),
    "a transfer and its entries at another time": (
        (
            f"UPDATE ledger_entry SET at = at - interval '1 month' WHERE transfer_id = {CAPTURED};"
            f" UPDATE ledger_transfer SET at = at - interval '1 month' WHERE id = {CAPTURED}"
        ),
        "nobody is on record for it, or for something else",
    ),
    "a transfer slipped in whole": (
        (
            "INSERT INTO ledger_transfer (key, event, at, fingerprint) SELECT 'x', event, at, fingerprint"
            f" FROM ledger_transfer WHERE id = {COLLECTED};"
            " INSERT INTO ledger_entry (transfer_id, account_id, cents, at) SELECT t.id, e.account_id, e.cents, t.at"
            f" FROM ledger_entry e, ledger_transfer t WHERE t.key = 'x' AND e.transfer_id = {COLLECTED}"
        ),
        "transfer x: nobody is on record for it",
    ),
    # Accounts and their balances
    "an account's owner renamed": (
        "UPDATE ledger_account SET owner = owner || '1' WHERE kind = 'voucher'",
        "not those it was posted with",
    ),
    "an account's kind changed": (
        "UPDATE ledger_account SET kind = 'own' WHERE kind = 'payable' AND book = 'C'",
        "not those it was posted with",
    ),
    "an account in another book": (
        "UPDATE ledger_account SET book = 'P' WHERE kind = 'payable' AND book = 'W'",
        "book P sums to 200, not 0",
    ),
    "an account in another district": (
        "UPDATE ledger_account SET district_id = 2 WHERE kind = 'payable' AND book = 'C'",
        "not those it was posted with",
    ),
    "an account missing": (
        "DELETE FROM ledger_account WHERE kind = 'payable' AND book = 'C'",
        "its transfer, its account or the moment",
    ),
    "a balance off by one": (
        (
            "UPDATE ledger_balance SET cents = cents + 1 FROM ledger_account a"
            " WHERE a.id = account_id AND a.kind = 'budget'"
        ),
        "budget:call:1/source:1: balance row says 1, its entries 0",
    ),
    "a balance row missing": ("DELETE FROM ledger_balance WHERE cents > 0", "no balance row"),
    "a floor lowered": (
        (
            "UPDATE ledger_balance SET floor_cents = -100 FROM ledger_account a"
            " WHERE a.id = account_id AND a.kind = 'budget'"
        ),
        "its floor is -100, and 0 is on record",
    ),
    "a credit limit raised": (
        "UPDATE ledger_balance SET floor_cents = -9900 WHERE floor_cents < 0",
        "W.company:company:1: its floor is -9900, and -2000 is on record",
    ),
    # Holds
    "a hold's open cents called released": (
        (
            "UPDATE ledger_hold SET open_cents = open_cents - 100, released_cents = released_cents + 100"
            f" WHERE id = {CARD}"
        ),
        "500 should lie in its account, 600 do",
    ),
    "a hold's captured cents called released": (
        (
            "UPDATE ledger_hold SET captured_cents = captured_cents - 100, released_cents = released_cents + 100"
            f" WHERE id = {CARD}"
        ),
        "300 of it were captured, and it says 200",
    ),
    "a hold of more than was set aside": (
        (
            "UPDATE ledger_hold SET amount_cents = amount_cents + 100, released_cents = released_cents + 100"
            f" WHERE id = {CARD}"
        ),
        "1000 was set aside, and it says 1100",
    ),
    "a hold called merely asked": (
        (
            "UPDATE ledger_hold SET state = 'asked', open_cents = amount_cents, captured_cents = 0, released_cents = 0"
            f" WHERE id = {CARD}"
        ),
        "0 should lie in its account, 600 do",
    ),
    "a hold that goes back to another voucher": (
        f"UPDATE ledger_hold SET source_owner = 'voucher:2/call:1/source:1' WHERE id = {PUBLIC}",
        "it was not taken from P.voucher:voucher:2/call:1/source:1, as it says",
    ),
    "a hold in another district": (
        f"UPDATE ledger_hold SET district_id = 2 WHERE id = {PUBLIC}",
        "500 should lie in its account, 0 do",
    ),
    "a hold missing": (f"DELETE FROM ledger_hold WHERE id = {CARD}", "600 lie there for no hold"),
    "a closed hold missing": ("DELETE FROM ledger_hold WHERE state = 'closed'", "0 lie there for no hold"),
    "a hold slipped in": (
        (
            "INSERT INTO ledger_hold (district_id, book, source_kind, source_owner, purpose, state, amount_cents,"
            " open_cents, captured_cents, released_cents, frozen)"
            " VALUES (1, 'C', '', '', 'x', 'held', 700, 700, 0, 0, false)"
        ),
        "hold x: 700 should lie in its account, 0 do",
    ),
    "a closed hold slipped in": (
        (
            "INSERT INTO ledger_hold (district_id, book, source_kind, source_owner, purpose, state, amount_cents,"
            " open_cents, captured_cents, released_cents, frozen)"
            " VALUES (1, 'C', '', '', 'x', 'closed', 700, 0, 700, 0, false)"
        ),
        "hold x: 0 of it were captured, and it says 700",
    ),
    # Checkpoints
    "a checkpoint off by one": (
        (
            "UPDATE ledger_checkpoint SET cents = cents + 1 FROM ledger_account a"
            " WHERE a.id = account_id AND a.book = 'C' AND a.kind = 'payable'"
        ),
        "says 301, the entries up to it 300",
    ),
    "a checkpoint that swallows entries to come": (
        "UPDATE ledger_checkpoint SET upto_entry_id = upto_entry_id + 1000",
        "is of entries to come",
    ),
    # The audit rows of transfers; what happens to others is tests/audit/test_verify.py
    "an audit row missing": (
        "DELETE FROM audit_auditrow WHERE facts->>'key' = 'capture:delivery:1'",
        "nobody is on record for it",
    ),
    "an audit row about another transfer": (
        "UPDATE audit_auditrow SET subject = 'transfer:999999' WHERE facts->>'key' = 'capture:delivery:1'",
        "capture:delivery:1: on record, and no longer there",
    ),
}
