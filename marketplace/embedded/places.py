"""Where the embedded servers keep their data.

``DATA_DIR`` names the folder. Without it an ordinary user gets ``var`` in the checkout. Root gets a folder
under ``/var/tmp``: PostgreSQL refuses to be root, and another user may not enter root's home.
"""

import hashlib
import os
import stat
from pathlib import Path

from marketplace.embedded.telling import CannotGoOn

ROOT = Path(__file__).resolve().parents[2]
# Anybody may write there: claim() makes sure that the folder found is ours.
SHARED = Path("/var/tmp")  # noqa: S108
MARKER = ".made-by-marketplace-embedded"


def data_dir() -> Path:
    """Return the folder that holds everything we keep, whether or not it exists."""
    if named := os.environ.get("DATA_DIR"):
        return Path(named).absolute()
    if os.geteuid() == 0:
        checkout = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]
        return SHARED / f"per-il-tuo-tempo-{checkout}"
    return ROOT / "var"


def claim_data_dir() -> Path:
    """Return the data folder, made if needed and marked as one that we may erase as a whole.

    :raises CannotGoOn: somebody else owns it, or it cannot be made.
    """
    folder = claim(data_dir())
    if not any(folder.iterdir()):
        (folder / MARKER).touch()
    return folder


def claim(folder: Path) -> Path:
    """Make sure that the folder is there, is ours, and lets nobody else look inside.

    :raises CannotGoOn: somebody else owns it, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise CannotGoOn(
            f"{folder} cannot be made ({error.strerror}): name another with DATA_DIR=…"
        ) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotGoOn(f"{folder} belongs to somebody else: name another with DATA_DIR=…")
    # Root's PostgreSQL runs as another user, who must pass through to reach the data but need not list it.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder
