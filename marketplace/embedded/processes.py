"""What ``/proc`` says about processes. Nothing is ever ended by its name."""

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
MARK = "EMBEDDED_RUN"
PR_SET_PDEATHSIG = 1


def pids() -> Iterator[int]:
    """Return every process of the machine."""
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def lives(pid: int) -> bool:
    """Tell whether the process runs: a zombie has ended, even if nobody has reaped it."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def command_line(pid: int) -> list[str]:
    """Return the words the process was started with, nothing if we may not know."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def working_in(folder: Path) -> list[int]:
    """Return the living processes whose current folder this is."""
    found = []
    for pid in pids():
        try:
            if (PROC / str(pid) / "cwd").samefile(folder) and lives(pid):
                found.append(pid)
        except OSError:
            continue
    return found


def carrying(mark: str) -> list[int]:
    """Return the living processes whose environment bears a mark that begins so.

    A mark is random and new for each run, and children hand it on: unlike a process id it is never used
    again, and it finds grandchildren whose parent is gone.
    """
    start = f"{MARK}={mark}".encode()
    found = []
    for pid in pids():
        try:
            lines = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(line.startswith(start) for line in lines) and lives(pid):
            found.append(pid)
    return [pid for pid in found if pid != os.getpid()]


def end_carrying(mark: str, *, patience: float) -> int:
    """End every process with this mark and return how many there were.

    Those that lead a session are asked first, and get ``patience`` seconds to end their children themselves.
    """
    left = found = carrying(mark)
    for pid in found:
        with suppress(ProcessLookupError):
            if patience and os.getsid(pid) == pid:
                os.kill(pid, signal.SIGTERM)
    insist_at = time.monotonic() + patience
    while left:
        if time.monotonic() >= insist_at:
            for pid in left:
                send(pid, signal.SIGKILL)
        time.sleep(0.05)
        left = carrying(mark)
    return len(found)


def send(pid: int, number: int) -> None:
    """Send a signal to a process that may just have ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def end_with_parent(parent: int) -> None:
    """Have the kernel ask this process to end as soon as its parent is gone, however the parent went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        send(os.getpid(), signal.SIGTERM)
