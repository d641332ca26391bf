"""A family's phone: what it does, and what every page it meets must be."""

import os
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Chromium writes every refusal of a form (422) and of a card (402) to its console.
EXPECTED_CONSOLE = re.compile(r"responded with a status of (422|402)")


class Phone:
    """A page 375 px wide, in Italian. ``look`` holds the page it is at against the rules.

    ``expected_status`` is that of the page asked for: Chromium writes everything but success to its console.
    """

    def __init__(
        self, browser: Browser, *, javascript: bool = True, width: int = 375, language: str = "it"
    ) -> None:
        self.javascript = javascript
        self.expected_status = 200
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale={"it": "it-IT", "en": "en-GB"}[language],
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self._asked = ""
        self.page.on("request", self._remember)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def _hear(self, message: Any) -> None:
        is_the_page = (
            f"status of {self.expected_status} " in message.text and message.location["url"] == self._asked
        )
        if message.type in {"error", "warning"} and not (
            is_the_page or EXPECTED_CONSOLE.search(message.text)
        ):
            self.complaints.append(f"console: {message.text} {message.location['url']}")

    def _remember(self, request: Any) -> None:
        if request.is_navigation_request():
            self._asked = request.url

    def enter_as(self, visitor: Client, address: str) -> None:
        """Take over the cookies of a visitor at that address."""
        cookies: list[Any] = [
            {"name": name, "value": morsel.value, "url": address} for name, morsel in visitor.cookies.items()
        ]
        if cookies:
            self.context.add_cookies(cookies)

    def look(self, name: str) -> None:
        """Hold the page against the rules: no sideways scroll, no axe violation; keep a picture if asked to."""
        if pictures := os.environ.get("PICTURES"):
            Path(pictures).mkdir(parents=True, exist_ok=True)
            kind = "js" if self.javascript else "nojs"
            self.page.screenshot(path=f"{pictures}/{kind}-{name}.png", full_page=True)
        if not self.javascript:
            return
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > self.page.viewport_size["width"]:  # type: ignore[index]
            self.complaints.append(f"{name}: scrolls sideways, {width} px")
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": WCAG}})
        self.complaints += [
            f"{name}: axe {violation['id']} at {violation['nodes'][0]['target']}"
            for violation in found.response["violations"]
        ]

    def keep_first_time(self, shop: str, service: str, seller: str) -> None:
        """From the home page to the basket, with the first free time of that seller."""
        page = self.page
        page.goto(f"{shop}/cremasco/")
        self.look("home")
        page.get_by_label("Cosa ti serve?").select_option(label=service)
        page.get_by_label("Dove?").select_option(label="Offanengo")
        page.get_by_role("button", name="Trova un orario").click()
        self.look("offers")
        page.locator("article", has_text=seller).get_by_role("link").first.click()
        self.look("listing")
        page.locator("fieldset .option label").first.click()
        page.get_by_role("button", name="Tieni questo orario").click()
        self.look("basket")

    def fill_in_checkout(self) -> None:
        page = self.page
        page.get_by_label("Nome e cognome").fill("Anna Prova")
        page.get_by_label("E-mail").fill("anna@example.org")
        page.get_by_label("Telefono").fill("333 123 4567")
        page.get_by_label("Via e numero").fill("Via Roma 1")
        page.get_by_label("Comune", exact=True).select_option(label="Offanengo")
        page.locator("label", has_text="Chiedo che il servizio inizi prima").click()

    def confirm(self) -> None:
        self.page.get_by_role("button", name="Prenota e paga").click()
        self.page.get_by_text("Ambiente di prova").first.wait_for()

    def pay(self, card: str) -> None:
        page = self.page
        page.get_by_label("Numero della carta").fill(card)
        page.get_by_label("Scadenza").fill("12/34")
        page.get_by_label("Codice di sicurezza").fill("123")
        page.get_by_label("Nome sulla carta").fill("Anna Prova")
        page.get_by_role("button", name="Paga").click()
