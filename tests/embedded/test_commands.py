"""``with-postgres``: a command beside a throw-away server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.embedded import environment, kept
from marketplace.embedded.places import ROOT

SHOW = """
import os, sys, psycopg
psycopg.connect(os.environ["DATABASE_URL"]).execute("CREATE TEMPORARY TABLE proof ()")
print(os.environ["ENVIRONMENT"], os.environ.get("STRIPE_API_BASE"), os.environ["LC_ALL"])
sys.exit(7)
"""


def embedded(*words: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m marketplace.embedded`` as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "marketplace.embedded", *words],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(data)} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_with_postgres_returns_the_exit_code_and_hides_the_callers_settings(data_folder: Path) -> None:
    command = [sys.executable, "-c", SHOW]
    done = embedded(
        *("with-postgres", "--", *command),
        data=data_folder,
        STRIPE_API_BASE="https://real.example",
        LC_ALL="it_IT.UTF-8",
    )

    assert done.returncode == 7, done.stderr
    assert done.stdout == "test None C.UTF-8\n"
    assert not (data_folder / "test-pg/data/postmaster.pid").exists()


def test_with_postgres_passes_on_death_by_signal(data_folder: Path) -> None:
    done = embedded("with-postgres", "--", "sh", "-c", "kill -9 $$", data=data_folder)

    assert done.returncode == 128 + 9


def test_the_callers_database_takes_the_place_of_ours(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/database")

    with environment.database(data_folder) as (url, cluster):
        assert url == "postgresql://somebody@elsewhere/database"
        assert cluster is None
    assert not (data_folder / "postgres").exists()


def test_secrets_are_made_once_and_kept_private(data_folder: Path) -> None:
    first = environment.secrets_of(data_folder)
    second = environment.secrets_of(data_folder)

    assert first == second
    assert all(len(value) >= 48 for value in first.values())
    assert (data_folder / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_torn_file_of_secrets_is_made_anew(data_folder: Path) -> None:
    (data_folder / "secrets.json").write_text('{"SECRET_KEY": "tor')

    made = environment.secrets_of(data_folder)

    assert kept.read(data_folder / "secrets.json") == made


def test_only_what_we_made_is_ever_erased(data_folder: Path) -> None:
    (data_folder / "diary").touch()

    done = embedded("erase", data=data_folder)

    assert done.returncode == 1
    assert (data_folder / "diary").exists()
