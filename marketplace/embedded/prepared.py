"""Whether the database and the static files already fit the code, so that a second start need not ask again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from marketplace.embedded.places import ROOT

# What no step of ``manage.py prepare`` ever reads.
APART = {"docs", "node_modules", "templates", "tests", "var", "__pycache__"}
GENERATED = {".md", ".mo", ".pyc"}


def files(folder: Path, data: Path) -> Iterator[Path]:
    """Return every file that preparing may depend on, in a fixed order."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in APART or path.suffix in GENERATED or path == data:
            continue
        if path.is_dir():
            yield from files(path, data)
        elif path.is_file():
            yield path


def fingerprint(data: Path, database: str) -> str:
    """Return a value that changes with the code, the static files, the lock, and the database itself."""
    digest = hashlib.sha256(database.encode())
    for path in files(ROOT, data):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(ROOT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
