"""A real Chromium on a real server, with a payments sandbox that sends its webhooks there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.conftest import point_shop_at, sandbox_process

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a worded skip where it may not be installed; where it must be there, its lack is a failure."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Browser tests must run here, and there is no Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def shop(live_server: LiveServer, tmp_path: Path, settings: Settings) -> Iterator[str]:
    """The shop at an address, with its payments sandbox; what the outbox should send, it sends at once."""
    settings.PUBLIC_URL = live_server.url
    with sandbox_process(tmp_path, webhooks_to=f"{live_server.url}/stripe/eventi/") as address:
        point_shop_at(address, settings)
        yield live_server.url
