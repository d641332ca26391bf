"""The files of pictures on disk: written before the rows that name them are committed, removed long after.

A crash in between leaves files that no row names, never a row without its files. Files are shared by all rows with
the same upload, so they are removed only by the sweep, which looks for rows under the lock that ``keep_files`` takes.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.db import connection

from catalogue.models.pictures import FOLDER
from kernel.pictures import Picture

PICTURE_LOCK = 7_314
STEM_LENGTH = 32


def folder() -> Path:
    """Return where the files are."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def lock_files(stem: str) -> None:
    """Keep everybody else from writing or removing the files of that stem until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PICTURE_LOCK, crc32(stem.encode()) - 2**31])


def keep_files(picture: Picture, *, now: datetime) -> None:
    """Write the files that are not there, each whole or not at all; those that are there count as new.

    To be called in the transaction that writes the row.
    """
    lock_files(picture.stem)
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    for name, content in picture.files.items():
        target = place / name
        if not target.exists():
            draft = place / f"{name}.{os.getpid()}.draft"
            draft.write_bytes(content)
            draft.replace(target)
        os.utime(target, (now.timestamp(), now.timestamp()))


def files_by_age() -> list[tuple[datetime, Path]]:
    """Return every file with the moment it was last wanted, oldest first."""
    aged = []
    for path in files_of(""):
        with suppress(FileNotFoundError):  # a draft just became a file
            aged.append((last_wanted(path), path))
    return sorted(aged)


def files_of(stem: str) -> list[Path]:
    """Return the files of a stem, drafts of them too."""
    return list(folder().glob(f"{escape(stem)}*"))


def last_wanted(path: Path) -> datetime:
    """Return when a file was written, or wanted again by a new row."""
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
