"""Keep every object in one SQLite file, changed only under a serial lock.

Writers take ``BEGIN IMMEDIATE`` and SQLite syncs each commit to disk, so what was
answered survives ``kill -9``, and no two changes ever interleave.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from payments.sandbox.shapes import Json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    private TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    last_answer TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (delivered_at, due_at);
CREATE INDEX IF NOT EXISTS deliveries_of_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS due (
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS due_by_time ON due (at);
CREATE TABLE IF NOT EXISTS answers (
    idempotency_key TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    request TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS clock (ahead INTEGER NOT NULL);
"""


class Store:
    """The SQLite file, opened anew for every transaction."""

    def __init__(self, path: Path, *, delivery_delays: Callable[[], Sequence[float]]):
        """Open the file, or make it.

        ``delivery_delays`` tells, for an event being recorded, how long each of its
        deliveries waits.
        """
        self._path = path
        self._delivery_delays = delivery_delays
        self._writing = threading.Lock()
        self.after_commit: Callable[[list[str]], None] = lambda _: None
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._open()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_SCHEMA)
        if connection.execute("SELECT count(*) FROM clock").fetchone()[0] == 0:
            connection.execute("INSERT INTO clock VALUES (0)")
        connection.close()

    @contextmanager
    def read(self) -> Iterator["Transaction"]:
        """Open a transaction that sees one unchanging state."""
        connection = self._open()
        try:
            connection.execute("BEGIN")
            yield Transaction(connection, self._delivery_delays)
        finally:
            connection.close()

    @contextmanager
    def write(self) -> Iterator["Transaction"]:
        """Open a transaction that commits on leaving, or leaves nothing behind."""
        with self._writing:
            connection = self._open()
            try:
                connection.execute("BEGIN IMMEDIATE")
                transaction = Transaction(connection, self._delivery_delays)
                yield transaction
                connection.execute("COMMIT")
            finally:
                connection.close()
        # Outside the lock: an early webhook may make the shop call us back.
        if transaction.recorded:
            self.after_commit(transaction.recorded)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection


class Transaction:
    """One consistent look at the objects, and the way to change them."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        delivery_delays: Callable[[], Sequence[float]],
    ) -> None:
        self.connection = connection
        self.recorded: list[str] = []
        self.request: Json = {"id": None, "idempotency_key": None}
        self._delivery_delays = delivery_delays
        ahead: int = connection.execute("SELECT ahead FROM clock").fetchone()[0]
        self.now = int(time.time()) + ahead

    def advance_clock(self, seconds: int) -> None:
        self.connection.execute("UPDATE clock SET ahead = ahead + ?", (seconds,))
        self.now += seconds

    def add(self, body: Json, private: Json | None = None) -> None:
        """Insert a new object; ``private`` is what its API shape has no place for."""
        self.connection.execute(
            "INSERT INTO objects (id, kind, body, private) VALUES (?, ?, ?, ?)",
            (body["id"], body["object"], json.dumps(body), json.dumps(private or {})),
        )

    def save(self, body: Json) -> None:
        self.connection.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))

    def get(self, kind: str, wanted: str) -> Json | None:
        row = self.connection.execute(
            "SELECT body FROM objects WHERE id = ? AND kind = ?", (wanted, kind)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def private(self, wanted: str) -> Json:
        """Return what is kept beside the object, or nothing if there is none."""
        row = self.connection.execute("SELECT private FROM objects WHERE id = ?", (wanted,)).fetchone()
        return {} if row is None else json.loads(row[0])

    def save_private(self, wanted: str, **changes: object) -> None:
        self.connection.execute(
            "UPDATE objects SET private = json_patch(private, ?) WHERE id = ?",
            (json.dumps(changes), wanted),
        )

    def find(
        self,
        kind: str,
        where: Mapping[str, object] | None = None,
        *,
        conditions: Sequence[tuple[str, object]] = (),
        newest_first: bool = True,
        limit: int = -1,
    ) -> list[Json]:
        """Return the objects whose fields equal ``where``.

        ``conditions`` are further clauses of SQL, each with its value.
        """
        clauses: list[str] = ["kind = ?"]
        values: list[object] = [kind]
        for field, value in (where or {}).items():
            clauses.append(f"json_extract(body, '$.{field}') = ?")
            values.append(value)
        for clause, value in conditions:
            clauses.append(clause)
            values.append(value)
        order = "DESC" if newest_first else "ASC"
        # Callers name fields and clauses in our own code; what comes from outside is bound.
        sql = f"SELECT body FROM objects WHERE {' AND '.join(clauses)} ORDER BY seq {order} LIMIT ?"  # noqa: S608
        rows = self.connection.execute(sql, (*values, limit))
        return [json.loads(row[0]) for row in rows]

    def seq(self, wanted: str) -> int | None:
        """Return the place of an object in the order of creation."""
        row = self.connection.execute("SELECT seq FROM objects WHERE id = ?", (wanted,)).fetchone()
        return None if row is None else int(row[0])

    def plan(self, what: str, subject: str, *, at: int) -> None:
        """Note something that time will bring about."""
        self.connection.execute("INSERT INTO due VALUES (?, ?, ?)", (at, what, subject))

    def has_due(self) -> bool:
        row = self.connection.execute("SELECT 1 FROM due WHERE at <= ? LIMIT 1", (self.now,)).fetchone()
        return row is not None

    def take_due(self) -> list[tuple[str, str]]:
        """Return, and forget, what is due by now: oldest first."""
        rows = self.connection.execute(
            "SELECT what, subject FROM due WHERE at <= ? ORDER BY at, rowid",
            (self.now,),
        ).fetchall()
        self.connection.execute("DELETE FROM due WHERE at <= ?", (self.now,))
        return [(what, subject) for what, subject in rows]

    def plan_deliveries(self, event: str) -> None:
        """Queue the event for the webhook, in the same commit as its cause."""
        for delay in self._delivery_delays():
            self.connection.execute(
                "INSERT INTO deliveries (event, due_at) VALUES (?, ?)",
                (event, time.time() + delay),
            )

    def pending_deliveries(self, event: str) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM deliveries WHERE event = ? AND delivered_at IS NULL",
            (event,),
        ).fetchone()
        return int(row[0])
