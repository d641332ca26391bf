"""Recompute the books from nothing and say in words what is wrong.

Each check is one statement that the database answers by itself, so a million entries cost seconds. What a
check cannot see, another does: a transfer that was removed whole leaves an audit row without its transfer; both
removed leave a hole in the audit chain, which ``verify_audit`` finds.

Not found, because no entry follows from it: what a hold is for, whether it is frozen, and an asked hold that is
missing. Nothing was posted for the last; purchases name all three.
"""

from collections.abc import Iterator

from django.db import connection

from ledger.chart import FLOORED
from ledger.post import POSTED
from ledger.welfare import LIMITED

MOST_SAID = 20

CHECKS = {
    "transfer {0}: book {1} sums to {2}, not 0": """
        SELECT t.key, a.book, sum(e.cents) FROM ledger_entry e
        JOIN ledger_account a ON a.id = e.account_id JOIN ledger_transfer t ON t.id = e.transfer_id
        GROUP BY t.id, t.key, a.book HAVING sum(e.cents) <> 0 ORDER BY t.id
    """,
    "transfer {0}: its entries are not those it was posted with": """
        SELECT t.key FROM ledger_transfer t LEFT JOIN LATERAL (
            SELECT CASE WHEN min(a.district_id) = max(a.district_id) THEN encode(sha256(convert_to(
                min(a.district_id)::text || E'\\n' || string_agg(
                    concat_ws(E'\\t', a.book, a.kind, a.owner, e.cents), E'\\n'
                    ORDER BY a.book COLLATE "C", a.kind COLLATE "C", a.owner COLLATE "C"
                ), 'UTF8')), 'hex') END AS digest
            FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.transfer_id = t.id
        ) posted ON true
        WHERE posted.digest IS DISTINCT FROM t.fingerprint ORDER BY t.id
    """,
    "entry {0}: its transfer, its account or the moment of its transfer is another": """
        SELECT e.id FROM ledger_entry e LEFT JOIN ledger_transfer t ON t.id = e.transfer_id
        LEFT JOIN ledger_account a ON a.id = e.account_id
        WHERE t.at IS DISTINCT FROM e.at OR a.id IS NULL ORDER BY e.id
    """,
    "transfer {0}: nobody is on record for it, or for something else": """
        SELECT t.key FROM ledger_transfer t WHERE NOT EXISTS (
            SELECT FROM audit_auditrow r WHERE r.subject = 'transfer:' || t.id AND r.verb = %(posted)s
            AND r.facts->>'fingerprint' = t.fingerprint AND r.facts->>'key' = t.key
            AND r.facts->>'event' = t.event AND r.at = t.at
        ) ORDER BY t.id
    """,
    "transfer {0}: on record, and no longer there": """
        SELECT r.facts->>'key' FROM audit_auditrow r WHERE r.verb = %(posted)s AND NOT EXISTS (
            SELECT FROM ledger_transfer t WHERE 'transfer:' || t.id = r.subject
        ) ORDER BY r.id
    """,
    "account {0}: balance row says {1}, its entries {2}": """
        SELECT concat_ws('.', a.book, a.kind || ':' || a.owner), b.cents, COALESCE(sum(e.cents), 0)
        FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
        LEFT JOIN ledger_entry e ON e.account_id = a.id
        GROUP BY a.id, a.book, a.kind, a.owner, b.cents HAVING COALESCE(sum(e.cents), 0) <> b.cents ORDER BY a.id
    """,
    "account {0}: has a floor and no balance row": """
        SELECT concat_ws('.', a.book, a.kind || ':' || a.owner) FROM ledger_account a
        WHERE a.kind = ANY(%(floored)s)
        AND NOT EXISTS (SELECT FROM ledger_balance b WHERE b.account_id = a.id) ORDER BY a.id
    """,
    "account {0}: its floor is {1}, and {2} is on record": """
        SELECT concat_ws('.', a.book, a.kind || ':' || a.owner), b.floor_cents, COALESCE(last.floor, 0)
        FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
        LEFT JOIN LATERAL (
            SELECT -(r.facts->>'limit')::bigint AS floor FROM audit_auditrow r
            WHERE a.kind = 'company' AND r.subject = a.owner AND r.district_id = a.district_id
            AND r.verb = %(limited)s ORDER BY r.id DESC LIMIT 1
        ) last ON true
        WHERE b.floor_cents <> COALESCE(last.floor, 0) ORDER BY a.id
    """,
    "hold {0}: {1} should lie in its account, {2} do": """
        SELECT h.purpose, CASE h.state WHEN 'held' THEN h.open_cents ELSE 0 END, COALESCE(sum(e.cents), 0)
        FROM ledger_hold h
        LEFT JOIN ledger_account a ON a.district_id = h.district_id AND a.book = h.book AND a.kind = 'held'
            AND a.owner = 'hold:' || h.id
        LEFT JOIN ledger_entry e ON e.account_id = a.id
        GROUP BY h.id HAVING COALESCE(sum(e.cents), 0) <> CASE h.state WHEN 'held' THEN h.open_cents ELSE 0 END
        ORDER BY h.id
    """,
    "account {0}: {1} lie there for no hold": """
        SELECT a.book || '.held:' || a.owner, sum(e.cents) FROM ledger_account a
        JOIN ledger_entry e ON e.account_id = a.id
        WHERE a.kind = 'held' AND NOT EXISTS (SELECT FROM ledger_hold h WHERE 'hold:' || h.id = a.owner)
        GROUP BY a.id ORDER BY a.id
    """,
    "hold {0}: {1} was set aside, and it says {2}": """
        SELECT h.purpose, sum(e.cents), h.amount_cents FROM ledger_hold h
        JOIN ledger_account a ON a.district_id = h.district_id AND a.book = h.book AND a.kind = 'held'
            AND a.owner = 'hold:' || h.id
        JOIN ledger_entry e ON e.account_id = a.id AND e.cents > 0
        GROUP BY h.id HAVING sum(e.cents) <> h.amount_cents ORDER BY h.id
    """,
    "hold {0}: {1} of it were captured, and it says {2}": """
        SELECT h.purpose, COALESCE(captured.cents, 0) - COALESCE(undone.cents, 0), h.captured_cents
        FROM ledger_hold h
        LEFT JOIN (
            SELECT a.owner, -sum(e.cents) AS cents FROM ledger_transfer t
            JOIN ledger_entry e ON e.transfer_id = t.id JOIN ledger_account a ON a.id = e.account_id
            WHERE t.event = 'captured' AND a.kind = 'held' GROUP BY a.owner
        ) captured ON captured.owner = 'hold:' || h.id
        LEFT JOIN (
            SELECT substring(t.key FROM '[0-9]+$')::bigint AS hold_id, sum(e.cents) AS cents FROM ledger_transfer t
            JOIN ledger_entry e ON e.transfer_id = t.id
            WHERE t.event = 'undone' AND e.cents > 0 GROUP BY 1
        ) undone ON undone.hold_id = h.id
        WHERE COALESCE(captured.cents, 0) - COALESCE(undone.cents, 0) <> h.captured_cents ORDER BY h.id
    """,
    "hold {0}: it was not taken from {1}, as it says": """
        SELECT h.purpose, concat_ws('.', h.book, h.source_kind || ':' || h.source_owner) FROM ledger_hold h
        WHERE h.book <> 'C' AND NOT EXISTS (
            SELECT FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id
            JOIN ledger_account a ON a.id = e.account_id
            WHERE t.key = 'hold:' || h.id AND e.cents = -h.amount_cents AND a.district_id = h.district_id
            AND a.book = h.book AND a.kind = h.source_kind AND a.owner = h.source_owner
        ) ORDER BY h.id
    """,
    "account {0}: the checkpoint at entry {1} says {2}, the entries up to it {3}": """
        SELECT concat_ws('.', a.book, a.kind || ':' || a.owner), c.upto_entry_id, c.cents,
            (SELECT COALESCE(sum(cents), 0) FROM ledger_entry WHERE account_id = a.id AND id <= c.upto_entry_id)
        FROM ledger_checkpoint c JOIN ledger_account a ON a.id = c.account_id
        WHERE c.upto_entry_id = (
            SELECT max(upto_entry_id) FROM ledger_checkpoint WHERE account_id = c.account_id
        ) AND c.cents <> (
            SELECT COALESCE(sum(cents), 0) FROM ledger_entry WHERE account_id = a.id AND id <= c.upto_entry_id
        ) ORDER BY a.id
    """,
    "account {0}: the checkpoint at entry {1} is of entries to come": """
        SELECT concat_ws('.', a.book, a.kind || ':' || a.owner), c.upto_entry_id
        FROM ledger_checkpoint c JOIN ledger_account a ON a.id = c.account_id
        WHERE c.upto_entry_id > (SELECT COALESCE(max(id), 0) FROM ledger_entry) ORDER BY a.id
    """,
}


def faults() -> list[str]:
    """Return the first faults of each check in words; an empty list means that the books are whole."""
    return list(_faults())


def _faults() -> Iterator[str]:
    with connection.cursor() as cursor:
        for words, question in CHECKS.items():
            cursor.execute(question, {"posted": POSTED, "limited": LIMITED, "floored": sorted(FLOORED)})
            for row in cursor.fetchmany(MOST_SAID):
                yield words.format(*row)
