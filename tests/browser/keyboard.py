"""Hands that have a keyboard and no mouse."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.phone import Phone

FOCUSED = (Path(__file__).parent / "keyboard.js").read_text()
FAR = 60  # presses of Tab: more than anybody should need on one page


class Keyboard(Phone):
    """A browser of which only keys are pressed. Each stop of the focus must be seen."""

    def __init__(self, browser: Browser, *, javascript: bool = True) -> None:
        super().__init__(browser, javascript=javascript)
        self.stops: list[str] = []

    def focused(self) -> dict[str, Any]:
        """Return where the focus is: id, tag, type and name."""
        found: dict[str, Any] | None = self.page.evaluate(FOCUSED)
        return found or {"id": "", "tag": "body", "type": "", "name": "", "isMarked": True, "isOnTop": True}

    def tab(self) -> dict[str, Any]:
        """Go one stop further."""
        self.focused()  # first of all a page is seen at rest
        self.page.keyboard.press("Tab")
        stop = self.focused()
        self.stops.append(stop["name"])
        where = f"{self.page.url}: <{stop['tag']}> «{stop['name'][:40]}»"
        if not stop["isMarked"]:
            self.complaints.append(f"{where} has the focus, and nobody sees it")
        if not stop["isOnTop"]:
            self.complaints.append(f"{where} has the focus under something else")
        return stop

    def tab_to(self, name: str) -> dict[str, Any]:
        """Go on until something has the focus whose name matches."""
        for _ in range(FAR):
            stop = self.tab()
            if re.search(name, stop["name"]):
                return stop
        raise AssertionError(f"{FAR} times Tab, and never at «{name}»: {self.stops[-FAR:]}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, option: str) -> None:
        """Choose in a list by typing its name."""
        self.page.keyboard.type(option)

    def enter(self) -> None:
        """Press Enter where that leads to another page, and be there with nothing behind."""
        with self.page.expect_navigation():
            self.press("Enter")
        self.stops.clear()

    def skip_to_content(self) -> None:
        """Take the first link of every page."""
        assert self.tab()["name"] == "Vai al contenuto"
        self.press("Enter")
        self.page.wait_for_function("document.activeElement.id === 'main'")
        self.stops.clear()
