"""Transfers per second: through the verbs, audit row and outbox message included, beside the same rows by hand.

Each client is a process. Through the verbs one unit of work is what happens when money is set aside: a hold, its
transfer with two entries, two balances, the audit row and a message in the outbox, in one transaction. By hand it
is the same rows by bare psycopg, prepared statements and nothing looked at.
"""

import multiprocessing
import time
from collections.abc import Callable

import psycopg
from django.db import connections, transaction
from django.utils import timezone

from benchmarks.database import url
from kernel.actor import Actor
from ledger.chart import public_voucher
from ledger.holds import set_aside
from ledger.public import appropriate, issue
from outbox.models import Message

SECONDS = 6.0
SOURCE = "call:1/source:1"


def run() -> None:
    print(f"{'clients':>8} {'by verbs/s':>12} {'by hand/s':>12} {'ratio':>8}")
    for clients in (2, 8):
        verbs = _measure(_by_verbs, clients)
        hand = _measure(_by_hand, clients)
        print(f"{clients:>8} {verbs:>12.0f} {hand:>12.0f} {verbs / hand:>8.2f}")


def _measure(work: Callable[[int, float], int], clients: int) -> float:
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with context.Pool(clients) as pool:
        done = pool.starmap(_timed, [(work, number) for number in range(clients)])
    return sum(count / seconds for count, seconds in done)


def _timed(work: Callable[[int, float], int], number: int) -> tuple[int, float]:
    start = time.monotonic()
    count = work(number, start + SECONDS)
    return count, time.monotonic() - start


def _by_verbs(number: int, until: float) -> int:
    by, now = Actor.system("bench"), timezone.now()
    voucher = f"voucher:{number}:{time.monotonic_ns()}"
    appropriate(SOURCE, 10**9, act=voucher, district_id=1, by=by, now=now)
    issue(voucher, SOURCE, 10**9, district_id=1, by=by, now=now)
    count = 0
    while time.monotonic() < until:
        purpose = f"{voucher}:{count}"
        with transaction.atomic():
            set_aside(
                district_id=1,
                purpose=purpose[:64],
                source=public_voucher(voucher, SOURCE),
                cents=1,
                by=by,
                now=now,
            )
            Message.objects.create(
                key=purpose, topic="bench", payload={"n": count}, created_at=now, due_at=now
            )
        count += 1
    connections.close_all()
    return count


def _by_hand(number: int, until: float) -> int:
    now = timezone.now()
    stem = f"hand:{number}:{time.monotonic_ns()}"
    count = 0
    with psycopg.connect(url(), prepare_threshold=1) as client, client.cursor() as cursor:
        cursor.execute(ACCOUNT, ["voucher", stem])
        source = cursor.fetchone()[0]  # type: ignore[index]
        cursor.execute(
            "INSERT INTO ledger_balance (account_id, cents, floor_cents) VALUES (%s, 1000000000, 0)", [source]
        )
        client.commit()
        while time.monotonic() < until:
            key = f"{stem}:{count}"
            cursor.execute(HOLD, [key])
            cursor.execute(TRANSFER, [key, now])
            transfer = cursor.fetchone()[0]  # type: ignore[index]
            cursor.execute(ACCOUNT, ["held", key])
            held = cursor.fetchone()[0]  # type: ignore[index]
            cursor.execute(
                "INSERT INTO ledger_balance (account_id, cents, floor_cents) VALUES (%s, 1, 0)", [held]
            )
            cursor.execute(ENTRIES, [transfer, source, now, transfer, held, now])
            cursor.execute("UPDATE ledger_balance SET cents = cents - 1 WHERE account_id = %s", [source])
            cursor.execute(AUDIT, [now, key])
            cursor.execute(MESSAGE, [key, now, now])
            client.commit()
            count += 1
    return count


HOLD = (
    "INSERT INTO ledger_hold (district_id, book, source_kind, source_owner, purpose, state, amount_cents, open_cents,"
    " captured_cents, released_cents, frozen) VALUES (1, 'P', 'voucher', 'x', %s, 'held', 1, 1, 0, 0, false)"
)
TRANSFER = (
    "INSERT INTO ledger_transfer (key, event, at, fingerprint) VALUES (%s, 'held', %s, 'x') RETURNING id"
)
ACCOUNT = "INSERT INTO ledger_account (district_id, book, kind, owner) VALUES (1, 'P', %s, %s) RETURNING id"
ENTRIES = (
    "INSERT INTO ledger_entry (transfer_id, account_id, cents, at) VALUES (%s, %s, -1, %s), (%s, %s, 1, %s)"
)
AUDIT = (
    "INSERT INTO audit_auditrow (at, district_id, who, on_behalf_of, through, verb, subject, reason, facts)"
    " VALUES (%s, 1, 'system', '', 'bench', 'post', %s, '', '{}')"
)
MESSAGE = (
    "INSERT INTO outbox_message (key, topic, payload, created_at, due_at, attempts, last_error)"
    " VALUES (%s, 'bench', '{}', %s, %s, 0, '')"
)
