"""One sandbox process for all tests, and a small shop that receives its webhooks."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

KEY = "sk_test_51SandboxTests"
WEBHOOK_SECRET = "whsec_sandbox_tests"
ROOT = Path(__file__).resolve().parents[3]


class Shop:
    """A receiver of webhooks that checks each signature the official way."""

    def __init__(self) -> None:
        self.events: list[stripe.Event] = []
        self.open = True
        self.refused = 0
        shop = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not shop.open:
                    shop.refused += 1
                    self.send_response(503)
                    self.end_headers()
                    return
                event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], WEBHOOK_SECRET)
                shop.events.append(event)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/webhooks/stripe"

    def told_about(self, *ids: str | None) -> list[str]:
        """Return the types of the events about these objects, in order of arrival."""
        events = list(self.events)
        return [event.type for event in events if event.data.object["id"] in ids]


class SandboxProcess:
    """The sandbox as the shop sees it: an address, a key and a page to pay on."""

    def __init__(self, data_dir: Path, shop: Shop) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self.shop = shop
        self.client = stripe.StripeClient(KEY, base_addresses={"api": self.url}, max_network_retries=0)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "payments.sandbox", "--port", str(self.port)),
                *("--data-dir", str(self.data_dir), "--secret-key", KEY),
                *("--webhook-url", self.shop.url),
                *("--webhook-secret", WEBHOOK_SECRET),
            ],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("DJANGO")},
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).text == "ok"
        except requests.RequestException:
            return False

    def stop(self, signum: int = signal.SIGTERM) -> int:
        self.process.send_signal(signum)
        return self.process.wait(10)

    def session(self, *, held: bool = False, **changes: Any) -> Any:
        """Open a session for 11.70 €; ``held`` only authorises when paid."""
        params: dict[str, Any] = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "success_url": "http://shop.test/done?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/basket",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "eur",
                        "unit_amount": 11_70,
                        "product_data": {"name": "Acquisto PIT-2026-000123"},
                    },
                }
            ],
        }
        if held:
            params["payment_method_options"] = {"card": {"capture_method": "manual"}}
        params |= changes
        return self.client.v1.checkout.sessions.create(params)  # type: ignore[arg-type]

    def type_card(self, session: Any, number: str, **changes: str) -> requests.Response:
        """Post the form of the pay page, and do not follow where it leads."""
        fields = {"number": number, "expiry": "12/34", "cvc": "123", "holder": "Ada B."}
        return requests.post(
            f"{self.url}/pay/{session.id}",
            data=fields | changes,
            allow_redirects=False,
            timeout=10,
        )

    def pay(self, session: Any, number: str = "4242424242424242") -> Any:
        """Pay with a card that works, and return the intent with its charge."""
        answer = self.type_card(session, number)
        assert answer.status_code == 303, answer.text
        return self.intent_of(session)

    def intent_of(self, session: Any) -> Any:
        found = self.retrieve(session, expand=["payment_intent.latest_charge"])
        return found.payment_intent

    def retrieve(self, session: Any, **params: Any) -> Any:
        return self.client.v1.checkout.sessions.retrieve(session.id, params)  # type: ignore[arg-type]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the API without the library, to see answers as they are."""
        headers = {"Authorization": f"Bearer {KEY}", **options.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=10, **options)

    def break_(self, **fault: Any) -> None:
        assert self.call("POST", "/sandbox/faults", json=fault).status_code == 200


def wait_until(true: Callable[[], Any], *, seconds: float = 10) -> None:
    """Wait for something another process brings about."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.03)


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, shop: Shop) -> Iterator[SandboxProcess]:
    process = SandboxProcess(tmp_path_factory.mktemp("sandbox"), shop)
    yield process
    process.stop()


@pytest.fixture
def sandbox(running: SandboxProcess) -> Iterator[SandboxProcess]:
    """The shared sandbox, with no fault left behind."""
    yield running
    running.call("DELETE", "/sandbox/faults")


@pytest.fixture
def another_shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


@pytest.fixture
def own_sandbox(tmp_path: Path, another_shop: Shop) -> Iterator[SandboxProcess]:
    """A sandbox of its own, for tests that stop it."""
    process = SandboxProcess(tmp_path / "data", another_shop)
    yield process
    if process.process.poll() is None:
        process.stop()


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_until
