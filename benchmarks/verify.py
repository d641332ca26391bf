"""How long a million entries take to verify."""

import time

from django.db import connection

from ledger.models import Entry
from ledger.verify import faults

TRANSFERS = 500_000

FILL = """
    INSERT INTO ledger_account (district_id, book, kind, owner) VALUES (1, 'C', 'world', ''), (1, 'C', 'own', '')
    ON CONFLICT DO NOTHING;
    INSERT INTO ledger_transfer (key, event, at, fingerprint)
    SELECT 'bench:' || n, 'bench', now(), encode(sha256(convert_to(
        '1' || E'\\nC\\town\\t\\t' || n || E'\\nC\\tworld\\t\\t-' || n, 'UTF8')), 'hex')
    FROM generate_series(1, %(transfers)s) n;
    INSERT INTO ledger_entry (transfer_id, account_id, cents, at)
    SELECT t.id, a.id, CASE a.kind WHEN 'own' THEN 1 ELSE -1 END * substr(t.key, 7)::bigint, t.at
    FROM ledger_transfer t, ledger_account a
    WHERE t.key LIKE 'bench:%%' AND a.book = 'C' AND a.kind IN ('world', 'own');
    INSERT INTO audit_auditrow (at, district_id, who, on_behalf_of, through, verb, subject, reason, facts)
    SELECT t.at, 1, 'system', '', 'bench', 'post', 'transfer:' || t.id, '',
        jsonb_build_object('key', t.key, 'event', t.event, 'fingerprint', t.fingerprint)
    FROM ledger_transfer t WHERE t.key LIKE 'bench:%%';
"""


def run() -> None:
    with connection.cursor() as cursor:
        # A million deferred triggers are not what is measured here; the fingerprints are right without them.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL, {"transfers": TRANSFERS})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
    start = time.monotonic()
    found = faults()
    seconds = time.monotonic() - start
    said = found[0] if found else "the books balance"
    print(f"{Entry.objects.count()} entries verified in {seconds:.1f} s: {said}")
