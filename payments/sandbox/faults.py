"""Faults on demand: what a network and a busy Stripe do to a shop.

They live in memory only, so a restart clears them.
"""

import threading
from dataclasses import dataclass, replace
from typing import Any

from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json

KINDS = ("drop_before", "drop_after", "500", "409", "hang", "garbage")
WEBHOOKS = ("normal", "never", "twice", "early", "shuffled")
_HANG_SECONDS = 60.0


@dataclass(frozen=True)
class Fault:
    """What befalls the next ``times`` calls of an endpoint.

    ``drop_before`` closes the connection with nothing done; ``drop_after`` does the
    work and loses the answer; ``500`` and ``409`` do nothing and say so; ``hang`` waits
    ``seconds`` and then does the work; ``garbage`` does it and answers HTML.
    """

    endpoint: str
    kind: str
    times: int = 1
    seconds: float = _HANG_SECONDS


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self.webhooks = "normal"

    def add(self, asked: Json) -> None:
        """Arm the faults of a request body.

        :raises Refusal: it names an unknown kind or field.
        """
        unknown = asked.keys() - {"endpoint", "kind", "times", "seconds", "webhooks"}
        if unknown:
            raise Refusal(f"Unknown: {', '.join(sorted(unknown))}", param="faults")
        if "webhooks" in asked and asked["webhooks"] not in WEBHOOKS:
            raise Refusal(f"webhooks: one of {', '.join(WEBHOOKS)}", param="webhooks")
        fault = _read_fault(asked) if "endpoint" in asked or "kind" in asked else None
        with self._lock:
            self.webhooks = asked.get("webhooks", self.webhooks)
            if fault is not None:
                self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self.webhooks = "normal"

    def take(self, *names: str) -> Fault | None:
        """Return the next fault for an endpoint called by any of these names."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.endpoint in names:
                    if fault.times > 1:
                        self._waiting[place] = replace(fault, times=fault.times - 1)
                    else:
                        del self._waiting[place]
                    return fault
        return None

    def describe(self) -> Json:
        with self._lock:
            waiting = [vars(fault) for fault in self._waiting]
            return {"webhooks": self.webhooks, "faults": waiting}


def _read_fault(asked: Json) -> Fault:
    endpoint, kind = asked.get("endpoint"), str(asked.get("kind"))
    times: Any = asked.get("times", 1)
    seconds: Any = asked.get("seconds", _HANG_SECONDS)
    if not isinstance(endpoint, str) or " /" not in endpoint:
        raise Refusal("endpoint: e.g. 'POST /v1/refunds'", param="endpoint")
    if kind not in KINDS:
        raise Refusal(f"kind: one of {', '.join(KINDS)}", param="kind")
    if not isinstance(times, int) or times < 1:
        raise Refusal("times: a whole number above 0", param="times")
    if not isinstance(seconds, (int, float)) or seconds < 0:
        raise Refusal("seconds: a number", param="seconds")
    return Fault(endpoint=endpoint, kind=kind, times=times, seconds=float(seconds))
