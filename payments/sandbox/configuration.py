"""What the sandbox is told when it starts."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PURPOSE = """\
Answer like Stripe's REST API, so that the shop can be tried and tested without Stripe.

Create Checkout Sessions with the ordinary stripe library pointed at this address, pay
them on the hosted page with test cards, and receive signed webhooks. Everything is kept
in one SQLite file in the data directory and survives a restart. Never takes live keys.
"""


@dataclass(frozen=True)
class Configuration:
    """Where the sandbox listens, what it keeps, and whom it tells."""

    host: str
    port: int
    data_dir: Path
    webhook_url: str | None
    webhook_secret: str
    secret_key: str
    public_url: str
    webhook_delay: float


def parse_configuration(arguments: Sequence[str] | None = None) -> Configuration:
    """Read the command line.

    :raises SystemExit: an argument is missing or wrong, or the key is a live one.
    """
    parser = argparse.ArgumentParser(
        prog="python -m payments.sandbox",
        description=PURPOSE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument(
        "--data-dir",
        type=Path,
        required=True,
        help="directory of the SQLite file; made when missing",
    )
    parser.add_argument(
        "--webhook-url",
        help="where events are posted; without it they are only recorded",
    )
    parser.add_argument("--webhook-secret", default="", help="whsec_… that signs the events")
    parser.add_argument("--secret-key", required=True, help="sk_test_… that callers must present")
    parser.add_argument(
        "--public-url",
        help="how browsers reach the hosted pages (default: http://HOST:PORT)",
    )
    parser.add_argument(
        "--webhook-delay",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="wait this long before the first delivery of an event",
    )
    given = parser.parse_args(arguments)
    if not given.secret_key.startswith(("sk_test_", "rk_test_")):
        parser.error("--secret-key must start with sk_test_: live keys are refused")
    if given.webhook_url and not given.webhook_secret.startswith("whsec_"):
        parser.error("--webhook-url needs a --webhook-secret starting with whsec_")
    if given.webhook_url and not given.webhook_url.startswith(("http://", "https://")):
        parser.error("--webhook-url must be an http or https address")
    return Configuration(
        host=given.host,
        port=given.port,
        data_dir=given.data_dir,
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        secret_key=given.secret_key,
        public_url=(given.public_url or f"http://{given.host}:{given.port}").rstrip("/"),
        webhook_delay=given.webhook_delay,
    )
