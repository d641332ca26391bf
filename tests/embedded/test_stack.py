"""``run``: the whole project as a person starts it, kills it, starts it again and ends it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from marketplace.embedded import kept, processes
from marketplace.embedded.environment import SETTINGS
from marketplace.embedded.places import ROOT
from marketplace.embedded.postgres import Cluster
from marketplace.embedded.prepared import files
from marketplace.embedded.stack import readiness

PATIENCE = 240.0


class Run:
    """One ``python -m marketplace.embedded run`` and what it printed."""

    def __init__(self, data: Path, number: int) -> None:
        self.output = data / f"output-{number}.txt"
        mine = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        mine |= {"DATA_DIR": str(data), "PORT": str(kept.any_free_port())}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "marketplace.embedded", "run"],
                cwd=ROOT,
                env=mine,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def port(self) -> int:
        """Return the port it announced once it was ready."""
        until(lambda: re.search(r"^  http://", self.said, re.MULTILINE) or self.process.poll() is not None)
        announced = re.search(r"^  http://127\.0\.0\.1:(\d+)$", self.said, re.MULTILINE)
        assert announced, self.said
        return int(announced[1])


def until(met: Callable[[], object]) -> None:
    """Wait until the condition is met."""
    give_up_at = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.1)


def mark_of(data: Path) -> str:
    return kept.read(data / "run.json")["mark"]


@pytest.fixture
def start(data_folder: Path) -> Iterator[Callable[[], Run]]:
    """Give a way to start the stack, and end what a failed test forgot."""
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(data_folder, len(runs) + 1))
        return runs[-1]

    yield start
    for run in runs:
        run.process.terminate()
        run.process.wait(60)


@pytest.mark.stack
def test_the_stack_outlives_kill_9_and_leaves_nothing_behind_after_ctrl_c(
    data_folder: Path, start: Callable[[], Run]
) -> None:
    first = start()
    assert readiness(first.port())[0] == 200
    first_mark = mark_of(data_folder)
    cluster = Cluster(data_folder / "postgres")
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE promise AS SELECT 'kept' AS state")

    first.process.kill()
    first.process.wait()
    second = start()
    port = second.port()

    assert readiness(port)[0] == 200
    assert processes.carrying(first_mark) == []
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT state FROM promise").fetchone() == ("kept",)

    third = start()

    assert third.process.wait(30) == 1
    assert f"It already runs: http://127.0.0.1:{port}" in third.said

    second_mark = mark_of(data_folder)
    for web in processes.carrying(f"{second_mark}.web"):
        processes.send(web, signal.SIGKILL)
    until(lambda: "web started again" in second.said and readiness(port)[0] == 200)

    second.process.send_signal(signal.SIGINT)

    assert second.process.wait(60) == 0
    assert processes.carrying(second_mark) == []
    assert processes.working_in(cluster.data) == []
    assert kept.is_free(port)


def test_templates_tests_and_data_do_not_call_for_preparing_again(tmp_path: Path) -> None:
    for name in (
        "templates/a.html",
        "tests/test_a.py",
        "room/migrations/0001_a.py",
        "static/a.css",
        "data/base",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    found = [str(path.relative_to(tmp_path)) for path in files(tmp_path, tmp_path / "data")]

    assert found == ["room/migrations/0001_a.py", "static/a.css"]
