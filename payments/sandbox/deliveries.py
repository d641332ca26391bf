"""Post events to the shop, signed as Stripe signs, until it answers 2xx."""

import hmac
import http.client
import json
import logging
import threading
import time
from hashlib import sha256
from urllib.parse import urlsplit

from payments.sandbox.events import present_event
from payments.sandbox.store import Store

_RETRY_AFTER = (1, 2, 5, 15, 60, 300, 900, 3600)
_SUCCESS = range(200, 300)
_PATIENCE = 10
_LOOK_EVERY = 0.5
_log = logging.getLogger(__name__)


class Deliverer:
    """The thread that works off the queue of deliveries."""

    def __init__(self, store: Store, *, url: str, secret: str) -> None:
        self._store = store
        self._url = urlsplit(url)
        self._secret = secret
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="deliveries")

    def start(self) -> None:
        """Begin, with whatever an earlier run left undelivered."""
        with self._store.write() as tx:
            tx.connection.execute(
                "UPDATE deliveries SET due_at = ? WHERE delivered_at IS NULL AND due_at > ? AND attempts > 0",
                (time.time(), time.time()),
            )
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout=_PATIENCE + 1)

    def deliver_now(self, event: str) -> None:
        """Deliver one event on the caller's thread, before it answers anybody."""
        with self._store.read() as tx:
            rows = tx.connection.execute(
                "SELECT seq FROM deliveries WHERE event = ? AND delivered_at IS NULL",
                (event,),
            ).fetchall()
        for row in rows:
            self._deliver(row[0])

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                if self._deliver_next():
                    continue
            except Exception:  # noqa: BLE001 - the thread must outlive any surprise
                _log.exception("webhook delivery failed")
            self._wake.wait(self._pause())

    def _deliver_next(self) -> bool:
        with self._store.read() as tx:
            row = tx.connection.execute(
                "SELECT seq FROM deliveries WHERE delivered_at IS NULL AND due_at <= ? "
                "ORDER BY due_at, seq LIMIT 1",
                (time.time(),),
            ).fetchone()
        if row is None:
            return False
        self._deliver(row[0])
        return True

    def _pause(self) -> float:
        """Return the seconds until the next delivery, at most half of one."""
        with self._store.read() as tx:
            (due_at,) = tx.connection.execute(
                "SELECT min(due_at) FROM deliveries WHERE delivered_at IS NULL"
            ).fetchone()
        if due_at is None:
            return _LOOK_EVERY
        return min(max(float(due_at) - time.time(), 0.01), _LOOK_EVERY)

    def _deliver(self, seq: int) -> None:
        with self._store.read() as tx:
            event_id, attempts = tx.connection.execute(
                "SELECT event, attempts FROM deliveries WHERE seq = ?", (seq,)
            ).fetchone()
            event = tx.get("event", event_id)
            assert event is not None, "an event is never deleted"
            payload = json.dumps(present_event(tx, event), indent=2).encode()
        answer = self._post(payload)
        delivered = answer.isdecimal() and int(answer) in _SUCCESS
        delay = _RETRY_AFTER[min(attempts, len(_RETRY_AFTER) - 1)]
        with self._store.write() as tx:
            tx.connection.execute(
                "UPDATE deliveries SET attempts = attempts + 1, last_answer = ?, "
                "delivered_at = ?, due_at = ? WHERE seq = ?",
                (
                    answer,
                    time.time() if delivered else None,
                    time.time() + delay,
                    seq,
                ),
            )

    def _post(self, payload: bytes) -> str:
        """Return the status the shop answered, or the name of what went wrong."""
        opened = (http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection)(
            self._url.netloc, timeout=_PATIENCE
        )
        target = self._url.path or "/"
        if self._url.query:
            target += f"?{self._url.query}"
        try:
            opened.request(
                "POST",
                target,
                payload,
                {
                    "Content-Type": "application/json; charset=utf-8",
                    "Stripe-Signature": sign(payload, self._secret, int(time.time())),
                    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                },
            )
            return str(opened.getresponse().status)
        except (OSError, http.client.HTTPException) as problem:
            return type(problem).__name__
        finally:
            opened.close()


def sign(payload: bytes, secret: str, at: int) -> str:
    """Return the ``Stripe-Signature`` header for a payload sent at a Unix time."""
    signed = f"{at}.".encode() + payload
    digest = hmac.new(secret.encode(), signed, sha256).hexdigest()
    return f"t={at},v1={digest}"
