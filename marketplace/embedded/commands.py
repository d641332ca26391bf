"""Commands that need the database for a while: ``manage`` and ``with-postgres``."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from marketplace.embedded import environment, kept
from marketplace.embedded.places import ROOT, claim, claim_data_dir
from marketplace.embedded.postgres import CARELESS, Cluster


def manage(arguments: Sequence[str]) -> int:
    """Run a management command on the embedded database and return its exit code."""
    data = claim_data_dir()
    with environment.database(data) as (database_url, _):
        address = kept.read(data / "run.json").get(
            "address", f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
        )
        sandbox = f"http://127.0.0.1:{kept.read(data / 'sandbox.json').get('port', '1')}"
        settings = environment.for_development(
            data, database_url=database_url, address=address, sandbox=sandbox
        )
        return foreground([sys.executable, str(ROOT / "manage.py"), *arguments], settings)


def with_postgres(command: Sequence[str], *, durable: bool) -> int:
    """Run a command beside a throw-away PostgreSQL and return its exit code.

    ``durable`` asks for a server that writes as carefully as a real one, for measuring.
    """
    data = claim_data_dir()
    home = data / ("bench-pg" if durable else "test-pg")
    with Cluster(home, throw_away=True, settings={} if durable else CARELESS).in_use() as cluster:
        claim(data / "test")
        return foreground(command, environment.for_tests(data, database_url=cluster.url))


def foreground(command: Sequence[str], settings: Mapping[str, str]) -> int:
    """Run the command on our terminal; the terminal sends it Ctrl-C, we hand on other requests to end."""
    process = subprocess.Popen(list(command), env=dict(settings))  # noqa: S603 (what the caller typed)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: process.send_signal(number))
    status = process.wait()
    return 128 - status if status < 0 else status
