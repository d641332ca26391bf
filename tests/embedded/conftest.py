"""A folder that PostgreSQL's user may reach: pytest's own is closed to everybody but us."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.embedded import kept, processes


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """Give an empty data folder; afterwards end whatever a failed test left in it, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="per-il-tuo-tempo-test-", dir="/var/tmp"))
    yield folder
    if mark := kept.read(folder / "run.json").get("mark"):
        processes.end_carrying(mark, patience=5)
    for data in folder.glob("*/data"):
        for pid in processes.working_in(data):
            processes.send(pid, signal.SIGKILL)
    shutil.rmtree(folder)
