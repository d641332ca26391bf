"""What a first visit weighs over the wire, from the real web server with its compressed and named files."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Response

from catalogue.models import Listing, ServiceKind
from kernel.clock import rome_date
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
    seed_district(today=rome_date(timezone.now()), with_people=False)
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


def test_no_first_page_weighs_more_than_a_slow_phone_can_carry(real_shop: str, browser: Browser) -> None:
    kind = ServiceKind.objects.get(district__slug="cremasco", slug="stireria")
    listing = Listing.objects.filter(kind=kind).order_by("pk")[0]
    pages = {
        "home": reverse("storefront:home", args=["cremasco"]),
        "kind": reverse("storefront:kind", args=["cremasco", kind.slug]),
        "listing": reverse("storefront:listing", args=["cremasco", listing.slug]),
    }

    weights = {name: weigh(browser, real_shop + path) for name, path in pages.items()}

    for name, parts in weights.items():
        print(f"{name}: {sum(parts.values())} bytes")  # noqa: T201 - with -s, what to tell
        for part, size in sorted(parts.items(), key=lambda pair: -pair[1]):
            print(f"  {size:>7} {part}")  # noqa: T201
    assert {
        name: sum(parts.values()) for name, parts in weights.items() if sum(parts.values()) > MOST_BYTES
    } == {}
    assert all(any(".woff2" in part for part in parts) for parts in weights.values()), (
        "fonts were not counted"
    )


def test_styles_and_scripts_come_compressed_and_browsers_keep_them_for_good(
    real_shop: str, browser: Browser
) -> None:
    page = browser.new_page()
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(f"{real_shop}/cremasco/", wait_until="networkidle")
    texts = [answer for answer in answers if answer.url.endswith((".css", ".js"))]
    fonts = [answer for answer in answers if answer.url.endswith(".woff2")]
    bare = {answer.url for answer in texts if "content-encoding" not in answer.headers}
    fleeting = {
        answer.url for answer in texts + fonts if "immutable" not in answer.headers.get("cache-control", "")
    }
    page.close()

    assert texts
    assert fonts
    assert bare == fleeting == set()


def weigh(browser: Browser, address: str) -> dict[str, int]:
    """Return the bytes of each file of a page, headers included, for somebody who was never here."""
    context = browser.new_context(viewport=PHONE, locale="it-IT")  # type: ignore[arg-type]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    names: dict[str, str] = {}
    parts: dict[str, int] = {}
    wire.on(
        "Network.requestWillBeSent", lambda sent: names.update({sent["requestId"]: sent["request"]["url"]})
    )

    def weigh_in(loaded: dict[str, object]) -> None:
        parts[names[str(loaded["requestId"])]] = int(
            str(loaded["encodedDataLength"]).split(".", maxsplit=1)[0]
        )

    wire.on("Network.loadingFinished", weigh_in)
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.ok
    context.close()
    return parts
