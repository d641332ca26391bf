"""The running sandbox: its file, its faults and its two background threads."""

import logging
import random
import threading
from collections.abc import Iterable, Sequence
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.http import HttpRequest

from payments.sandbox.configuration import Configuration
from payments.sandbox.deliveries import Deliverer
from payments.sandbox.due import do_what_is_due
from payments.sandbox.faults import Faults
from payments.sandbox.idempotency import KeysInUse
from payments.sandbox.store import Store

_LOOK_EVERY = 0.25
_SHUFFLED_WITHIN = 1.5
_DICE = random.SystemRandom()
_ENVIRON = "sandbox.running"
_log = logging.getLogger(__name__)


class Sandbox:
    """Everything one process of the sandbox holds."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.faults = Faults()
        self.keys_in_use = KeysInUse()
        self.stopping = threading.Event()
        self.store = Store(
            configuration.data_dir / "sandbox.sqlite3",
            delivery_delays=self._delivery_delays,
        )
        self.store.after_commit = self._after_commit
        self._deliverer: Deliverer | None = None
        if configuration.webhook_url:
            self._deliverer = Deliverer(
                self.store,
                url=configuration.webhook_url,
                secret=configuration.webhook_secret,
            )
        self._timekeeper = threading.Thread(target=self._keep_time, name="due")

    def start(self) -> None:
        if self._deliverer:
            self._deliverer.start()
        self._timekeeper.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._deliverer:
            self._deliverer.stop()
        self._timekeeper.join(timeout=5)

    def put_before(self, application: WSGIApplication) -> WSGIApplication:
        """Return the application with this sandbox at hand in every request."""

        def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return application(environ | {_ENVIRON: self}, start_response)

        return serve

    def _delivery_delays(self) -> Sequence[float]:
        delay = self.configuration.webhook_delay
        if self.configuration.webhook_url is None or self.faults.webhooks == "never":
            return ()
        if self.faults.webhooks == "twice":
            return (delay, delay)
        if self.faults.webhooks == "shuffled":
            return (delay + _DICE.uniform(0, _SHUFFLED_WITHIN),)
        if self.faults.webhooks == "early":
            # Ours to deliver at once; the thread only steps in should we crash.
            return (delay + 15,)
        return (delay,)

    def _after_commit(self, events: list[str]) -> None:
        if self._deliverer is None:
            return
        if self.faults.webhooks == "early":
            for event in events:
                self._deliverer.deliver_now(event)
        self._deliverer.wake()

    def _keep_time(self) -> None:
        while not self.stopping.wait(_LOOK_EVERY):
            try:
                do_what_is_due(self.store)
            except Exception:  # noqa: BLE001 - the thread must outlive any surprise
                _log.exception("what was due failed")


def sandbox_of(request: HttpRequest) -> Sandbox:
    """Return the sandbox that serves this request."""
    return cast("Sandbox", request.META[_ENVIRON])
