"""``doctor`` and ``browser``: what this machine lacks, and the command that brings it."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marketplace.embedded import binaries
from marketplace.embedded.places import ROOT
from marketplace.embedded.telling import CannotGoOn, say, tell

LEAST_FREE_BYTES = 2_000_000_000
CHROMIUM = "apt-get install -y --no-install-recommends chromium"


@dataclass(frozen=True)
class Finding:
    """One thing looked for; without it, ``remedy`` helps."""

    what: str
    found: bool
    remedy: str
    needed: bool = True


def findings() -> Iterator[Finding]:
    """Look at everything that a fresh Debian may lack."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        f"Python 3.11 or newer (here {version})", sys.version_info >= (3, 11), "apt-get install python3"
    )
    has_venv = bool(importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"))
    has_venv = has_venv or (ROOT / ".venv/bin/python").exists()
    yield Finding("Python's venv module", has_venv, "apt-get install python3-venv")
    yield Finding("make", bool(shutil.which("make")), "apt-get install make")
    yield Finding(
        "PostgreSQL's programs", postgres_works(), "`make run` fetches them; else: apt-get install postgresql"
    )
    free = shutil.disk_usage(ROOT).free
    yield Finding(f"2 GB of free disk (here {free / 1e9:.0f})", free > LEAST_FREE_BYTES, "make room")
    yield Finding("Chromium, for the browser tests", bool(shutil.which("chromium")), CHROMIUM, needed=False)


def postgres_works() -> bool:
    """Tell whether some PostgreSQL runs here, as the user who would run it."""
    site = (
        next((ROOT / ".venv/lib").glob("python3*/site-packages"), None) if (ROOT / ".venv").exists() else None
    )
    if site and str(site) not in sys.path:
        sys.path.append(str(site))
    account = binaries.account_for(ROOT / "nothing")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as shelf:
        Path(shelf).chmod(0o711)
        try:
            binaries.find(Path(shelf), account, major=None)
        except CannotGoOn:
            return False
    return True


def doctor() -> int:
    """Print what is there and what is missing; return 1 if something needed is."""
    healthy = True
    for finding in findings():
        mark = "ok  " if finding.found else ("NEED" if finding.needed else "want")
        tell(f"{mark}  {finding.what}" + ("" if finding.found else f"\n      → {finding.remedy}"))
        healthy = healthy and (finding.found or not finding.needed)
    if os.geteuid() != 0 and not healthy:
        tell("The apt-get commands need root.")
    return 0 if healthy else 1


def browser() -> int:
    """Install Chromium where we may; elsewhere say how. Tests in a browser are left out without it."""
    if shutil.which("chromium"):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing Chromium for the browser tests: {CHROMIUM}")
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get -qq update", f"{CHROMIUM} -qq"):
            subprocess.run(  # noqa: S603 (our own words)
                command.split(), env=quiet, check=False, stdout=subprocess.DEVNULL
            )
    if not shutil.which("chromium"):
        say(f"no Chromium here: browser tests are left out. As root: {CHROMIUM}")
    return 0
