"""Answer a repeated request with its first answer.

The answer is kept in the same commit as the change it tells of: a retry never finds
one without the other. Stripe keeps keys for a day, so the sandbox forgets them then.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_KEPT_FOR = 24 * 3600
_LONGEST_KEY = 255


@dataclass(frozen=True)
class KeptAnswer:
    """An answer given before, and the request it was first given to."""

    status: int
    body: Json
    request: str


class KeysInUse:
    """The keys of requests being answered right now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[str] = set()

    @contextmanager
    def hold(self, key: str | None) -> Iterator[None]:
        """Keep others from using the key meanwhile; no key, no hindrance.

        :raises Refusal: the key is too long, or another request holds it.
        """
        if key is None:
            yield
            return
        if len(key) > _LONGEST_KEY:
            raise Refusal(
                "Idempotency keys are limited to 255 characters.",
                type="idempotency_error",
            )
        with self._lock:
            if key in self._keys:
                raise key_in_use(key)
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


def key_in_use(key: str) -> Refusal:
    """Return the refusal for a key whose first request is still being answered."""
    return Refusal(
        "There is currently another in-progress request using this Idempotent Key "
        "(that probably means you submitted twice, and the other request is still "
        f"going through): {key}. Please try your request again in a few moments.",
        code="idempotency_key_in_use",
        type="idempotency_error",
        status=409,
        headers={"Stripe-Should-Retry": "true"},
    )


def find_answer(tx: Transaction, key: str, *, endpoint: str, params: Json) -> KeptAnswer | None:
    """Return the answer kept under the key, if any.

    :raises Refusal: the key stands for another request.
    """
    row = tx.connection.execute(
        "SELECT endpoint, fingerprint, status, body, request FROM answers "
        "WHERE idempotency_key = ? AND created > ?",
        (key, tx.now - _KEPT_FOR),
    ).fetchone()
    if row is None:
        return None
    first_endpoint, fingerprint, status, body, request = row
    if first_endpoint != endpoint:
        raise Refusal(
            "Keys for idempotent requests can only be used for the same endpoint they "
            f"were first used for ('{first_endpoint}' vs '{endpoint}'). Try using a "
            f"key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error",
        )
    if fingerprint != _fingerprint(params):
        raise Refusal(
            "Keys for idempotent requests can only be used with the same parameters "
            f"they were first used with. Try using a key other than '{key}' if you "
            "meant to execute a different request.",
            type="idempotency_error",
        )
    return KeptAnswer(status=status, body=json.loads(body), request=request)


def keep_answer(tx: Transaction, key: str, *, endpoint: str, params: Json, answer: KeptAnswer) -> None:
    """Keep the answer for the next day."""
    tx.connection.execute(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            endpoint,
            _fingerprint(params),
            answer.status,
            json.dumps(answer.body),
            answer.request,
            tx.now,
        ),
    )


def _fingerprint(params: Json) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
