"""Secrets and ports: made once, then remembered in a file that only its owner may read."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time into the block; the lock dies with its process."""
    door = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def write_private(path: Path, text: str) -> None:
    """Write the file whole or not at all, for its owner's eyes."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read(path: Path) -> dict[str, str]:
    """Return what the file remembers: nothing if it is missing or torn."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def keep(path: Path, wanted: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """Return the remembered values, after making and remembering those still missing."""
    with locked(path.with_suffix(".lock")):
        known = read(path)
        if missing := {name: make() for name, make in wanted.items() if not known.get(name)}:
            known |= missing
            write_private(path, json.dumps(known, indent=1))
        return known


def secret(prefix: str = "") -> Callable[[], str]:
    """Return a maker of secrets that fit into a URL as they are."""
    return lambda: prefix + secrets.token_hex(24)


def is_free(port: int) -> bool:
    """Tell whether a server could take this port on 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """Return a port that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
