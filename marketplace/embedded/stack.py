"""``run``: everything up, in order, watched until Ctrl-C, and down again with nothing left over."""

import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from marketplace.embedded import environment, kept, prepared, processes
from marketplace.embedded.places import ROOT, claim, claim_data_dir
from marketplace.embedded.postgres import Cluster
from marketplace.embedded.servers import Server
from marketplace.embedded.telling import CannotGoOn, last_lines, say, tell

READY_SECONDS = 120.0
HOPELESS_DEATHS = 4
TICK = 0.1
HEALTH_EVERY, ILL_SECONDS = 10.0, 60.0
# The project is loaded once, and the workers are forked from it: half the work, and less memory.
LOAD_THEN_FORK = "import marketplace.wsgi, granian.cli; granian.cli.entrypoint()"


class Stopped(Exception):
    """Somebody asked us to end while we were starting."""


class Stop:
    """Remembers that somebody asked us to end. A second request is a request to hurry."""

    def __init__(self) -> None:
        self.asked = 0
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGTERM, self._ask)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
            signal.signal(signal.SIGHUP, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    @property
    def patience(self) -> float:
        """How long a server may take to end."""
        return 10.0 if self.asked <= 1 else 0.5


@contextmanager
def only_run(data: Path) -> Iterator[Callable[..., None]]:
    """Let one run at a time use the folder, and give it a way to note what the next one must know.

    :raises CannotGoOn: another one runs.
    """
    note = data / "run.json"
    door = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    patience = time.monotonic() + 1.0  # one that is just being asked to end needs a moment to note it
    try:
        while True:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                other = kept.read(note)
                if other.get("state") == "stopping":
                    patience = time.monotonic() + 1.0
                elif time.monotonic() > patience:
                    raise CannotGoOn(
                        f"It already runs: {other.get('address', 'starting')} ({data})"
                    ) from None
                time.sleep(0.1)

        if (mark := kept.read(note).get("mark")) and (left := processes.end_carrying(mark, patience=3.0)):
            say(f"an earlier run ended badly: ended the {left} processes it left")

        facts: dict[str, str] = {}

        def remember(**changed: str) -> None:
            facts.update(changed)
            kept.write_private(note, json.dumps(facts))

        yield remember
        note.unlink(missing_ok=True)
    finally:
        os.close(door)


def run() -> int:
    """Start everything, tell the address, and stay until somebody asks to end."""
    data = claim_data_dir()
    stop = Stop()
    with only_run(data) as remember:
        port = choose_port(int(os.environ.get("PORT") or 8000))
        address = f"http://127.0.0.1:{port}"
        mark = environment.new_mark()
        remember(mark=mark, address=address, state="running")
        say(f"data, logs and secrets live in {data}")
        servers: list[Server] = []
        try:
            with environment.database(data) as (database_url, cluster):
                say(
                    f"PostgreSQL {cluster.programs.version}, port {cluster.port}"
                    if cluster
                    else "database by DATABASE_URL"
                )
                sandbox = sandbox_port(data)
                settings = environment.for_development(
                    data, database_url=database_url, address=address, sandbox=f"http://127.0.0.1:{sandbox}"
                )
                try:
                    prepare(data, settings | {processes.MARK: f"{mark}.prepare"}, cluster, stop)
                    servers += the_servers(data, settings, mark=mark, port=port, sandbox=sandbox)
                    for server in servers:
                        server.start()
                    say(f"starting {', '.join(server.name for server in servers)}")
                    wait_until_ready(port, servers, stop)
                    welcome(data, address)
                    watch(servers, cluster, database_url, Health(port, servers), stop)
                finally:
                    remember(state="stopping")
                    say("stopping")
                    end(servers, stop)
                    processes.end_carrying(mark, patience=0)
        except Stopped:
            pass
        say("everything has stopped")
    return 0


def choose_port(wanted: int) -> int:
    """Return the wanted port, or the next that is free, and say so."""
    for port in range(wanted, min(wanted + 100, 65536)):
        if kept.is_free(port):
            if port != wanted:
                say(f"port {wanted} is taken: using {port}")
            return port
    raise CannotGoOn(f"No free port from {wanted} on: name one with PORT=…")


def sandbox_port(data: Path) -> int:
    """Return the port of the payments sandbox, the same as last time if it is free."""
    place = data / "sandbox.json"
    known = int(kept.read(place).get("port", "0"))
    port = known if known and kept.is_free(known) else kept.any_free_port()
    kept.write_private(place, json.dumps({"port": str(port)}))
    return port


def prepare(data: Path, settings: Mapping[str, str], cluster: Cluster | None, stop: Stop) -> None:
    """Bring database and files up to the code, unless a stamp says that they are.

    :raises CannotGoOn: it failed.
    :raises Stopped: somebody did not want to wait for it.
    """
    stamp = data / "prepared"
    # A database of somebody else's may have been emptied meanwhile: ask it every time.
    wanted = prepared.fingerprint(data, cluster.identity) if cluster else ""
    if wanted and (data / "static").is_dir() and stamp.exists() and stamp.read_text() == wanted:
        say("database and static files are up to date")
        return
    say("preparing: migrations, translations, static files, demo district")
    stamp.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=dict(settings),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
        preexec_fn=partial(processes.end_with_parent, os.getpid()),  # noqa: PLW1509 (one thread)
    )
    while process.poll() is None:
        if stop.asked:
            process.terminate()
            process.wait()
            raise Stopped
        time.sleep(TICK)
    if process.returncode:
        raise CannotGoOn("manage.py prepare failed: see above.")
    stamp.write_text(wanted)
    say("prepared")


def the_servers(
    data: Path, settings: Mapping[str, str], *, mark: str, port: int, sandbox: int
) -> list[Server]:
    """Return the servers in the order they start and end."""
    log = claim(data / "log")
    commands = {
        "web": [
            *("-c", LOAD_THEN_FORK, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "5"),
            *("--respawn-failed-workers", "--respawn-interval", "0.5", "marketplace.wsgi:application"),
        ],
        # One process less to load than with a beat of its own.
        "worker": [
            *("-m", "celery", "-A", "marketplace.celery", "worker", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--beat", "--schedule", str(data / "beat-schedule")),
        ],
    }
    if "STRIPE_API_BASE" not in os.environ:
        at = f"http://127.0.0.1:{sandbox}"
        commands["sandbox"] = [
            *("-m", "payments.sandbox", "--host", "127.0.0.1", "--port", str(sandbox), "--public-url", at),
            *("--data-dir", str(claim(data / "sandbox"))),
            *("--webhook-url", f"http://127.0.0.1:{port}/stripe/eventi/"),
            *("--webhook-secret", settings["STRIPE_WEBHOOK_SECRET"]),
            *("--secret-key", settings["STRIPE_SECRET_KEY"]),
        ]
    return [
        Server(name, [sys.executable, *command], environment=settings, mark=mark, log=log)
        for name, command in commands.items()
    ]


def wait_until_ready(port: int, servers: Sequence[Server], stop: Stop) -> None:
    """Return as soon as ``/readyz`` says that database, worker and sandbox do their work.

    :raises CannotGoOn: they do not.
    :raises Stopped: somebody did not want to wait for it.
    """
    give_up_at = time.monotonic() + READY_SECONDS
    while (answer := readiness(port))[0] != HTTPStatus.OK:
        if stop.asked:
            raise Stopped
        for server in servers:
            server.watch()
        hopeless = any(server.deaths >= HOPELESS_DEATHS for server in servers)
        if hopeless or time.monotonic() > give_up_at:
            raise CannotGoOn(
                f"It does not get ready. /readyz says: {answer[1]}\nThe logs are in {servers[0].log.parent}"
            )
        time.sleep(TICK)
    say("ready")


def readiness(port: int) -> tuple[int, str]:
    """Ask ``/readyz`` and return status and text; a server that is not up yet has status 0."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, response.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def welcome(data: Path, address: str) -> None:
    """Print where to look and as whom."""
    logins = data / "demo-logins.txt"
    if logins.exists():
        tell(f"\n{logins.read_text(encoding='utf-8').strip()}")
    tell(f"\n  {address}\n\n  Ctrl-C stops everything.\n")


class Health:
    """Whether the whole does its work, and not only its processes live.

    A worker whose beat died inside it lives and does nothing: starting it again is the cure.
    """

    def __init__(self, port: int, servers: Sequence[Server]) -> None:
        self.port = port
        self.worker = next(server for server in servers if server.name == "worker")
        self.ask_at = 0.0
        self.ill_since: float | None = None

    def watch(self) -> None:
        """Say when readiness goes and comes; start the worker again when it stays away."""
        if (now := time.monotonic()) < self.ask_at:
            return
        status, answer = readiness(self.port)
        self.ask_at = now + HEALTH_EVERY
        if status == HTTPStatus.OK:
            if self.ill_since:
                say("ready again")
            self.ill_since = None
        elif self.ill_since is None:
            self.ill_since = now
            say(f"not ready: {answer}")
        elif now - self.ill_since > ILL_SECONDS:
            say(f"still not ready, starting the worker again: {answer}")
            self.ill_since = now
            self.worker.start_again()


def watch(
    servers: Sequence[Server], cluster: Cluster | None, database_url: str, health: Health, stop: Stop
) -> None:
    """Keep everything alive until somebody asks to end.

    :raises CannotGoOn: PostgreSQL cannot be brought back where the others look for it.
    """
    while not stop.asked:
        if cluster and not cluster.port:
            say(f"PostgreSQL died. The end of {cluster.log}:\n{last_lines(cluster.log)}")
            cluster.revive()
            if cluster.url != database_url:
                raise CannotGoOn("PostgreSQL had to take another port: start again.")
            say("PostgreSQL started again")
        for server in servers:
            server.watch()
        health.watch()
        time.sleep(TICK)


def end(servers: Sequence[Server], stop: Stop) -> None:
    """End the servers: those that ask before those that answer."""
    asking = [server for server in servers if server.name != "sandbox"]
    for group in (asking, [server for server in servers if server not in asking]):
        for server in group:
            server.ask_to_end()
        for server in group:
            server.end(patience=stop.patience)
