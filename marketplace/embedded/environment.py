"""The environment that our processes see: what the caller set wins, the rest we make up once and keep."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marketplace.embedded import kept
from marketplace.embedded.places import claim
from marketplace.embedded.postgres import Cluster

# Everything that ``marketplace.settings`` reads. Tests must not see the caller's.
SETTINGS = {
    "ALLOWED_HOSTS",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "DATA_DIR",
    "DATABASE_URL",
    "DEFAULT_FROM_EMAIL",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "ENVIRONMENT",
    "LOG_LEVEL",
    "PUBLIC_URL",
    "SECRET_KEY",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "TRUSTED_PROXIES",
}
# The same on every machine, whatever language and place the caller lives in.
EVERYWHERE = {"LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


@contextmanager
def database(data: Path) -> Iterator[tuple[str, Cluster | None]]:
    """Give the address of the database inside the block, and its server if it is ours."""
    if url := os.environ.get("DATABASE_URL"):
        yield url, None
    else:
        with Cluster(claim(data) / "postgres").in_use() as cluster:
            yield cluster.url, cluster


def secrets_of(data: Path) -> dict[str, str]:
    """Return the secrets of this installation, made the first time."""
    wanted = {
        "SECRET_KEY": kept.secret(),
        "STRIPE_SECRET_KEY": kept.secret("sk_test_"),
        "STRIPE_WEBHOOK_SECRET": kept.secret("whsec_"),
    }
    return kept.keep(claim(data) / "secrets.json", wanted)


def for_development(data: Path, *, database_url: str, address: str, sandbox: str) -> dict[str, str]:
    """Return the whole environment of the embedded project."""
    made_up = secrets_of(data) | {"PUBLIC_URL": address, "STRIPE_API_BASE": sandbox}
    ours = {"ENVIRONMENT": "development", "DATA_DIR": str(data), "DATABASE_URL": database_url}
    return made_up | os.environ | EVERYWHERE | ours


def for_tests(data: Path, *, database_url: str) -> dict[str, str]:
    """Return an environment with nothing of the caller's settings, language or time zone."""
    strange = SETTINGS | {"LANG", "LANGUAGE", "TZ", "PYTHONPATH", "PYTEST_ADDOPTS"}
    passed = {
        name: value
        for name, value in os.environ.items()
        if name not in strange and not name.startswith("LC_")
    }
    ours = {"ENVIRONMENT": "test", "DATA_DIR": str(data / "test"), "DATABASE_URL": database_url}
    return passed | EVERYWHERE | ours


def new_mark() -> str:
    """Return a mark that no run had before."""
    return f"{int(time.time())}-{secrets.token_hex(8)}"
