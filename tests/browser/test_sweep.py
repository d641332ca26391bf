"""Every page of the URL conf, filled and empty, in both languages, at every width, with JavaScript and without."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings
from django.test import Client, override_settings
from django.test.testcases import TransactionTestCase
from django.utils import timezone
from playwright.sync_api import Browser, Response
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser.inspection import LISTEN, inspect
from tests.browser.pages import MISHAPS, NO_PAGES, PAGES, Visit, named_addresses
from tests.browser.phone import Phone
from tests.browser.world import World, a_world, address_of
from tests.conftest import sandbox_process

pytestmark = pytest.mark.browser

VISITS = [
    pytest.param(name, visit, id=f"{name} {case}")
    for name, cases in PAGES.items()
    for case, visit in cases.items()
] + [pytest.param(name, visit, id=name) for name, visit in MISHAPS.items()]
# What a page is for those without JavaScript: what it says, where it leads, what it asks.
OUTLINE = r"""() => {
  // A signature with the time in it is another one each second.
  const address = (el, name) => el.getAttribute(name)?.replace(/[\w-]+:\w+:[\w-]+/, "signed");
  const isSeen = el => el.getClientRects().length > 0;
  const asked = form => [...form.elements].filter(el => el.type !== "hidden" && isSeen(el));
  return {
    heading: document.querySelector("h1")?.innerText,
    links: [...document.querySelectorAll("a[href]")].filter(isSeen).map(el => address(el, "href")),
    asks: [...document.forms].flatMap(form =>
      asked(form).map(el => `${form.method} ${address(form, "action")} ${el.tagName} ${el.name}`)),
  };
}"""


@pytest.fixture(scope="module")
def place(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, World]]:
    """A shop with its sandbox and a world to walk through, for all tests of this file."""
    with (
        django_db_blocker.unblock(),
        sandbox_process(tmp_path_factory.mktemp("sandbox"), webhooks_to="http://127.0.0.1:9/") as sandbox,
    ):
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        with override_settings(
            ROOT_URLCONF="tests.browser.mishaps",
            STRIPE_API_BASE=sandbox,
            CONTENT_SECURITY_POLICY={"DIRECTIVES": {**policy, "form-action": ["'self'", sandbox]}},
        ):
            server = LiveServer("127.0.0.1")
            try:
                with override_settings(PUBLIC_URL=server.url):
                    world = a_world(timezone.now())
                    world.names["sandbox"] = sandbox
                    yield server.url, world
            finally:
                server.stop()
                TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def phones(place: tuple[str, World], browser: Browser) -> Iterator["Phones"]:
    opened = Phones(browser, *place)
    yield opened
    opened.close()


class Phones:
    """One phone for each visitor, language and kind of browser, opened when it is needed."""

    def __init__(self, browser: Browser, shop: str, world: World) -> None:
        self.browser, self.shop, self.world = browser, shop, world
        self._open: dict[tuple[str, str, bool], Phone] = {}
        self._outlines: dict[tuple[str, Visit, bool], dict[str, Any]] = {}

    def of(self, who: str, language: str, *, javascript: bool = True) -> Phone:
        """Return that visitor's phone, with nothing to complain of yet."""
        key = (who, language, javascript)
        if key not in self._open:
            phone = Phone(self.browser, language=language, javascript=javascript)
            phone.context.add_init_script(LISTEN)
            phone.enter_as(self.world.visitors[who], self.shop)
            self._open[key] = phone
        self._open[key].complaints.clear()
        return self._open[key]

    def outline(self, name: str, visit: Visit, *, javascript: bool) -> dict[str, Any]:
        """Return the outline of the Italian page; with JavaScript it may have been met before."""
        key = (name, visit, javascript)
        if key not in self._outlines:
            phone = self.of(visit.who, "it", javascript=javascript)
            meet(self, phone, name, visit)
            assert phone.complaints == []
            self.note_outline(name, visit, phone)
        return self._outlines[key]

    def note_outline(self, name: str, visit: Visit, phone: Phone) -> None:
        self._outlines[name, visit, phone.javascript] = phone.page.evaluate(OUTLINE)

    def close(self) -> None:
        for phone in self._open.values():
            phone.context.close()


def meet(phones: Phones, phone: Phone, name: str, visit: Visit) -> None:
    """Go to the page, and do there what the visit does."""
    phone.expected_status = visit.status
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    phone.page.on("response", note)
    # What one page remembers of a visitor must not be found on the next.
    for remembered in ("luogo", "quanto"):
        phone.context.clear_cookies(name=remembered)
    address = address_of(name, visit.arguments, visit.query, phones.world)
    phone.page.goto(phones.shop + address if address.startswith("/") else address)
    if visit.then:
        visit.then(phone.page)
    phone.page.wait_for_load_state("load")
    phone.page.remove_listener("response", note)
    pages = [
        answer
        for answer in answers
        if answer.request.is_navigation_request() and not 300 <= answer.status < 400
    ]
    if pages[-1].status != visit.status:
        phone.complaints.append(f"answers {pages[-1].status}, expected {visit.status}")
    if "content-security-policy" not in pages[-1].headers:
        phone.complaints.append("no Content-Security-Policy")


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize(("name", "visit"), VISITS)
def test_the_page_is_as_every_page_must_be(phones: Phones, name: str, visit: Visit, language: str) -> None:
    phone = phones.of(visit.who, language)

    meet(phones, phone, name, visit)
    if language == "it":
        phones.note_outline(name, visit, phone)
    found = inspect(phone.page, language=visit.speaks or language, italian=frozenset(phones.world.italian))

    complaints = phone.complaints + found
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(("name", "visit"), VISITS)
def test_without_javascript_the_page_says_leads_and_asks_the_same(
    phones: Phones, name: str, visit: Visit
) -> None:
    with_it = phones.outline(name, visit, javascript=True)
    without = phones.outline(name, visit, javascript=False)

    assert with_it["heading"] == without["heading"] != ""
    assert Counter(with_it["links"]) <= Counter(without["links"])
    assert Counter(with_it["asks"]) <= Counter(without["asks"])


def test_the_table_names_every_address_of_the_url_conf_and_no_other() -> None:
    named = list(named_addresses())

    assert sorted(set(named) - set(PAGES) - set(NO_PAGES)) == [], "add a line to tests/browser/pages.py"
    assert sorted((set(PAGES) | set(NO_PAGES)) - set(named)) == []
    assert sorted(set(PAGES) & set(NO_PAGES)) == []


@pytest.mark.parametrize("name", NO_PAGES)
def test_what_is_called_no_page_is_none(place: tuple[str, World], name: str) -> None:
    shop, world = place
    reason, visit = NO_PAGES[name]
    visitor = world.visitors[visit.who]
    cookies = {key: morsel.value for key, morsel in visitor.cookies.items()}

    answer = requests.get(
        shop + address_of(name, visit.arguments, visit.query, world),
        cookies=cookies, timeout=10, allow_redirects=False,
    )  # fmt: skip

    assert answer.status_code == visit.status, reason
    assert "<html" not in answer.text


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_two_pages_have_the_same_title(place: tuple[str, World], language: str) -> None:
    _, world = place
    pages_by_title: dict[str, set[str]] = {}

    for name, cases in PAGES.items():
        for visit in cases.values():
            if visit.then is None:
                visitor = Client(headers={"Accept-Language": language})
                visitor.cookies = world.visitors[visit.who].cookies
                address = address_of(name, visit.arguments, visit.query, world)
                answer = visitor.get(address, follow=True)
                title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
                assert title, address
                pages_by_title.setdefault(" ".join(title[1].split()), set()).add(name)

    shared = {title: names for title, names in pages_by_title.items() if len(names) > 1}
    assert shared == {}


def test_the_sweep_sees_every_fault_of_a_page_that_has_them_all(
    place: tuple[str, World], browser: Browser
) -> None:
    """The control: a rule that finds nothing here would find nothing anywhere."""
    shop, _ = place
    phone = Phone(browser)
    phone.context.add_init_script(LISTEN)
    faulty = (Path(__file__).parent / "faulty.html").read_text()
    headers = {"Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'"}
    phone.page.route(
        "**/faulty/", lambda route: route.fulfill(body=faulty, content_type="text/html", headers=headers)
    )

    phone.page.goto(f"{shop}/faulty/")
    found = "\n".join(inspect(phone.page, language="it") + phone.complaints)
    phone.page.evaluate("document.documentElement.lang = 'en'")
    marked = "\n".join(inspect(phone.page, language="en", italian=frozenset({"Pallida"})))
    phone.context.close()

    faults = [
        "id «twice» stands twice", "0 <main>", "0 <h1>", "an empty role=alert", "inline style", "inline script",
        "no alt", "picture missing", "no label", "points to «no-such-hint»", "leads to #nowhere",
        "title «Senza nome»", "not it: «Go to confirmation»", "phone: axe color-contrast",
        "desk: axe color-contrast", "axe landmark-one-main", "phone: scrolls sideways",
        "320 px: scrolls sideways", "texts do not grow", "phone: target of", "CSP: script-src", "status of 404",
    ]  # fmt: skip
    assert [fault for fault in faults if fault not in found] == []
    faults = ["Italian, not marked: «Pallida»", "not en: «Vai alla conferma»"]
    assert [fault for fault in faults if fault not in marked] == []
