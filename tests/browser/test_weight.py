"""What a first visit weighs over the wire, from the real web server with its compressed and named files."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from catalogue.models import Listing, ServiceKind
from marketplace.demo.seed import seed_district
from marketplace.embedded import environment, kept
from marketplace.embedded.places import claim
from marketplace.embedded.stack import readiness, the_servers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_BYTES = 150_000
# So tall that pictures which wait until they are seen are seen.
PHONE = {"width": 375, "height": 12_000}


@pytest.fixture
def real_shop(tmp_path: Path) -> Iterator[str]:
    """The demo district on the web server of ``make run``, with static files as in production."""
    seed_district(now=timezone.now(), with_people=False)
    database = f"{settings.DATABASE_URL.rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
    port = kept.any_free_port()
    address = f"http://127.0.0.1:{port}"
    data = claim(tmp_path / "data")
    variables = environment.for_development(
        data, database_url=database, address=address, sandbox="http://127.0.0.1:9"
    )
    with override_settings(
        STATIC_ROOT=data / "static",
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    servers = the_servers(data, variables, mark=environment.new_mark(), port=port, sandbox=9)
    web = next(server for server in servers if server.name == "web")
    web.start()
    try:
        give_up_at = time.monotonic() + 60
        while readiness(port)[0] == 0:
            assert time.monotonic() < give_up_at, web.log.read_text()
            time.sleep(0.1)
        yield address
    finally:
        web.ask_to_end()
        web.end(patience=10)


@dataclass
class File:
    """One file as it came over the wire: its bytes, headers included, and its headers."""

    address: str
    weight: int = 0
    headers: dict[str, str] = field(default_factory=dict)


def test_a_first_page_is_light_and_browsers_keep_what_it_brings(real_shop: str, browser: Browser) -> None:
    kind = ServiceKind.objects.get(district__slug="cremasco", slug="stireria")
    listing = Listing.objects.filter(kind=kind).order_by("pk")[0]
    pages = {
        "home": reverse("storefront:home", args=["cremasco"]),
        "kind": reverse("storefront:kind", args=["cremasco", kind.slug]),
        "listing": reverse("storefront:listing", args=["cremasco", listing.slug]),
    }

    brought = {name: files_of(browser, real_shop + path) for name, path in pages.items()}

    weights = {name: sum(file.weight for file in files) for name, files in brought.items()}
    print("\n".join(_told(name, files) for name, files in brought.items()))  # noqa: T201 - with -s, or after a failure
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}
    for files in brought.values():
        texts = [file for file in files if file.address.endswith((".css", ".js"))]
        fonts = [file for file in files if file.address.endswith(".woff2")]
        assert texts
        assert fonts
        assert [file.address for file in texts if "content-encoding" not in file.headers] == []
        assert [
            f.address for f in texts + fonts if "immutable" not in f.headers.get("cache-control", "")
        ] == []


def files_of(browser: Browser, address: str) -> list[File]:
    """Return what a page brings to somebody who was never here."""
    context = browser.new_context(viewport=PHONE, locale="it-IT")  # type: ignore[arg-type]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    files: dict[str, File] = {}

    def asked(event: dict[str, Any]) -> None:
        files[event["requestId"]] = File(event["request"]["url"])

    def answered(event: dict[str, Any]) -> None:
        headers = event["response"]["headers"]
        files[event["requestId"]].headers = {name.lower(): value for name, value in headers.items()}

    def arrived(event: dict[str, Any]) -> None:
        files[event["requestId"]].weight = int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", arrived)
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.ok
    context.close()
    return list(files.values())


def _told(name: str, files: list[File]) -> str:
    heaviest_first = sorted(files, key=lambda file: -file.weight)
    lines = [f"{name}: {sum(file.weight for file in files)} bytes"]
    return "\n".join(lines + [f"  {file.weight:>7} {file.address}" for file in heaviest_first])
