"""The whole way from the home page to the bank and back, by keyboard alone; with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect

from checkout.models import Purchase
from tests.browser.keyboard import Keyboard
from tests.builders import a_cooperative, a_listing
from tests.front_door import a_slot_from_now, found_by_search

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ironing() -> None:
    """One listing with times on more days than a page shows at first."""
    listing = a_listing("Camicie e misto", by=a_cooperative("Girasole"))
    for days in (3, 4, 5, 8, 9):
        a_slot_from_now(of=listing, days=days)
    found_by_search()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_family_books_and_pays_by_keyboard_alone(
    shop: str, browser: Browser, ironing: None, javascript: bool
) -> None:
    hands = Keyboard(browser, javascript=javascript)

    hands.page.goto(f"{shop}/cremasco/")
    _ask(hands)
    _pick_listing(hands)
    _keep_time(hands)
    hands.tab_to("^Vai alla conferma")
    hands.enter()
    _confirm(hands)
    _pay(hands)

    expect(hands.page.get_by_role("heading", name="Prenotato", exact=True)).to_be_visible()
    assert Purchase.objects.get().state == Purchase.State.SECURED
    assert hands.complaints == []


def test_somebody_at_the_keyboard_leaves_the_bank_and_comes_back(
    shop: str, browser: Browser, ironing: None
) -> None:
    hands = Keyboard(browser)
    hands.page.goto(f"{shop}/cremasco/")
    _ask(hands)
    _pick_listing(hands)
    _keep_time(hands)
    hands.tab_to("^Vai alla conferma")
    hands.enter()
    _confirm(hands)

    hands.tab_to("^Torna senza pagare")
    hands.enter()
    expect(hands.page.get_by_role("heading", name="Non hai finito di pagare")).to_be_visible()
    hands.tab_to("^Torna a pagare")
    hands.enter()
    _pay(hands)

    expect(hands.page.get_by_role("heading", name="Prenotato", exact=True)).to_be_visible()
    assert hands.complaints == []


def test_a_focus_that_nobody_sees_is_complained_of(shop: str, browser: Browser, ironing: None) -> None:
    """The control: without it a blind eye would pass every page."""
    hands = Keyboard(browser)
    hands.page.goto(f"{shop}/cremasco/")
    hands.page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(":focus:not(#a):not(#b):not(#c) { outline: 0 !important; box-shadow: none !important; }");
          document.adoptedStyleSheets = [sheet];
          document.querySelector("header").style.cssText = "position: fixed; inset: 0; background: #fff; z-index: 9";
        }"""
    )

    hands.tab_to("^Trova un orario")

    said = "\n".join(hands.complaints)
    assert "«Trova un orario» has the focus, and nobody sees it" in said
    assert "«Trova un orario» has the focus under something else" in said


def _ask(hands: Keyboard) -> None:
    hands.skip_to_content()
    assert hands.tab()["name"].startswith("Cosa ti serve?")
    hands.choose("Stireria")
    hands.tab_to("^Dove?")
    hands.choose("Offanengo")
    hands.tab_to("^Trova un orario")
    hands.enter()


def _pick_listing(hands: Keyboard) -> None:
    hands.skip_to_content()
    hands.tab_to("^Camicie e misto")
    hands.enter()


def _keep_time(hands: Keyboard) -> None:
    """First without a time, to meet the error; then by the arrows of the one group."""
    hands.skip_to_content()
    _stops_in_order(hands, "^Quanti chili", "radio", "^Altri giorni", "^Tieni questo orario")
    hands.enter()
    _summary_has_focus(hands)
    assert "orario" in hands.tab()["name"]
    hands.press("Enter")
    assert hands.tab()["type"] == "radio"

    hands.press("ArrowDown")
    second = hands.page.evaluate("document.activeElement.value")
    hands.press("ArrowUp")
    first = hands.page.evaluate("document.activeElement.value")

    assert hands.page.evaluate("document.activeElement.checked")
    assert first != second
    hands.tab_to("^Tieni questo orario")
    hands.enter()


def _stops_in_order(hands: Keyboard, *wanted: str) -> None:
    """As in the design: quantity, first free time, other days, button; what stands between is free."""
    for name in wanted:
        if name == "radio":
            while hands.tab()["type"] != "radio":
                assert len(hands.stops) < 60, "no time to choose"
        else:
            hands.tab_to(name)


def _confirm(hands: Keyboard) -> None:
    """First with nothing filled in: the summary takes the focus and leads to the field."""
    hands.tab_to("^Prenota e paga")
    hands.enter()
    _summary_has_focus(hands)
    assert hands.tab()["name"].startswith("Nome e cognome")
    hands.press("Enter")
    hands.page.wait_for_function("document.activeElement.id === 'id_name'")
    assert hands.focused()["isMarked"]
    hands.write("Anna Prova")
    for label, text in (
        ("^E-mail", "anna@example.org"),
        ("^Telefono", "333 123 4567"),
        ("^Via e numero", "Via Roma 1"),
    ):
        hands.tab_to(label)
        hands.write(text)
    hands.tab_to("^Comune")
    hands.choose("Offanengo")
    hands.tab_to("^Chiedo che il servizio inizi prima")
    hands.press("Space")
    hands.tab_to("^Prenota e paga")
    hands.enter()


def _summary_has_focus(hands: Keyboard) -> None:
    hands.page.wait_for_function("document.activeElement.id === 'errors'")


def _pay(hands: Keyboard) -> None:
    hands.page.get_by_text("Ambiente di prova").first.wait_for()
    for label, text in (
        ("^Numero della carta", "4242424242424242"),
        ("^Scadenza", "12/34"),
        ("^Codice di sicurezza", "123"),
        ("^Nome sulla carta", "Anna Prova"),
    ):
        hands.tab_to(label)
        hands.write(text)
    hands.tab_to("^Paga ")
    hands.enter()
