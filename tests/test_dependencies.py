"""The locks: whole, hashed, and silent about where they were resolved."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock", "marketplace/embedded/uv.txt"]


def requirements(lock: str) -> dict[str, str]:
    """Return what is pinned and the text that belongs to it."""
    lines = [line for line in (ROOT / lock).read_text().splitlines() if not line.startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ")
    return {line.split()[0]: line for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert not re.findall(r"\w+://|@ |^-|\b(?:index|find-links)\b", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    found = requirements(lock)

    assert found
    for pin, line in found.items():
        assert re.fullmatch(r"[\w.\[\]-]+==[\w.!+]+", pin), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


def test_what_is_tested_is_what_runs() -> None:
    run, dev = requirements("requirements.lock"), requirements("requirements-dev.lock")

    assert {pin: dev.get(pin) for pin in run} == run
