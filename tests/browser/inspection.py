"""Hold one page against every rule of the house, at every width."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.phone import WCAG
from tests.browser.words import foreign_words

HERE = Path(__file__).parent
INSPECT, MEASURE = (HERE / "inspect.js").read_text(), (HERE / "measure.js").read_text()
# `axe.run` in the page's own frame; what is incomplete is for people to judge.
RUN_AXE = """async options => {
  const found = await axe.run(options);
  return found.violations.map(fault => [fault.id, fault.nodes.map(node => node.html.slice(0, 160))]);
}"""
AXE_OPTIONS: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]},
    "resultTypes": ["violations"],
}
LISTEN = """
addEventListener("securitypolicyviolation", event => {
  (window.policyViolations ??= []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
PHONE, DESK, SMALLEST = 375, 1280, 320
TITLE_ENDS = " · Per il tuo tempo"


def inspect(
    page: Page, *, language: str, italian: frozenset[str] = frozenset(), is_ours: bool = True
) -> list[str]:
    """Return everything that is wrong with the page the browser is at; the window ends as wide as a phone.

    ``italian`` is what sellers wrote, to be marked on an English page. The sandbox's pages, not ``is_ours``,
    have neither our frame nor our titles.
    """
    stands_alone = not is_ours or page.locator("#status").count() == 0
    found = page.evaluate(INSPECT, {"language": language, "standsAlone": stands_alone})
    complaints: list[str] = found["complaints"]
    if is_ours and not (found["title"].endswith(TITLE_ENDS) and len(found["title"]) > len(TITLE_ENDS)):
        complaints.append(f"title «{found['title']}»")
    complaints += [f"not {language}: «{words}»" for words in foreign_words(found["texts"], language)]
    if language == "en":
        together = "\n".join(found["texts"])
        complaints += [f"Italian, not marked: «{words}»" for words in italian if words in together]

    page.evaluate(Axe().axe_script)
    complaints += _axe(page, "phone")
    complaints += _measure(page, "phone", targets=True)
    complaints += _measure(page, "phone, letters of 200 %", grown=True)
    page.set_viewport_size({"width": SMALLEST, "height": 800})
    complaints += _measure(page, "320 px")
    page.set_viewport_size({"width": DESK, "height": 800})
    complaints += _measure(page, "desk", targets=True)
    complaints += _axe(page, "desk")
    page.set_viewport_size({"width": PHONE, "height": 800})
    complaints += [f"CSP: {violation}" for violation in page.evaluate("window.policyViolations ?? []")]
    return complaints


def _measure(page: Page, name: str, *, targets: bool = False, grown: bool = False) -> list[str]:
    found: list[str] = page.evaluate(MEASURE, {"name": name, "targets": targets, "grown": grown})
    return found


def _axe(page: Page, name: str) -> list[str]:
    return [f"{name}: axe {rule} at {where}" for rule, where in page.evaluate(RUN_AXE, AXE_OPTIONS)]
