"""What staff may read of a message: enough to find the cause, no more of a person than that needs."""

import re
from collections.abc import Collection

_ADDRESS = re.compile(r"([^\s@<>'\"(,;:]{1,64})@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


def masked(words: str) -> str:
    """Return ``words`` with each mail address cut to its first letter and its domain: ``a…@example.org``."""
    return _ADDRESS.sub(lambda found: f"{found[1][0]}…@{found[2]}", words)


def readable(payload: dict[str, object], *, shown: Collection[str]) -> list[tuple[str, str]]:
    """Return the payload by name: as it is where ``shown`` says so, else masked or only its length."""
    return [(name, str(value) if name in shown else _outline(value)) for name, value in payload.items()]


def _outline(value: object) -> str:
    if value is None or isinstance(value, bool | int):
        return str(value)
    if isinstance(value, str):
        return masked(value) if _ADDRESS.fullmatch(value) else f"({len(value)})"
    if isinstance(value, list | dict):
        return f"[{len(value)}]"
    return "…"
