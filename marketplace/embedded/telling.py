"""What the person at the keyboard is told, with the seconds it took."""

import sys
import time
from pathlib import Path

STARTED = time.monotonic()
LONGEST_LOG = 5_000_000


class CannotGoOn(Exception):
    """What stops us and what to do about it, in words for the person at the keyboard."""


def say(text: str) -> None:
    """Print one step, with the seconds since the start."""
    sys.stderr.write(f"[{time.monotonic() - STARTED:5.1f} s] {text}\n")
    sys.stderr.flush()


def tell(text: str) -> None:
    """Print an answer."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def turn_over(log: Path) -> None:
    """Begin a new log when the old one has grown long; keep one old one."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log, indented; a file that cannot be read has no lines."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 16_384))
            lines = file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "\n".join(f"    | {line}" for line in lines)
