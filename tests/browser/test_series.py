"""A weekly series, chosen and kept on a phone by the keyboard alone, with and without JavaScript."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from psycopg.types.range import Range

from checkout.models import Booking
from kernel.clock import ROME, rome_date
from providers.models import Slot, SlotHold
from tests.browser.phone import Phone
from tests.builders import a_listing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STEPS = 80


@pytest.fixture
def four_weeks() -> list[Slot]:
    """Four mornings a week apart, the third of them full, with another time two days after it; and days between."""
    listing = a_listing("Camicie e misto")
    first = datetime.combine(rome_date(timezone.now()) + timedelta(days=3), datetime.min.time(), tzinfo=ROME)

    def a_morning(days: int, taken: int = 0) -> Slot:
        start = first + timedelta(days=days, hours=9)
        period = Range(start, start + timedelta(hours=2))
        return Slot.objects.create(listing=listing, period=period, capacity=2, taken=taken)

    for days in (1, 2, 3, 4, 5, 6, 16):
        a_morning(days)
    return [a_morning(0), a_morning(7), a_morning(14, taken=2), a_morning(21)]


def tab_to(page: Page, reached: Callable[[], bool]) -> None:
    """Press Tab until the focus is there."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if reached():
            return
    raise AssertionError("the keyboard does not reach it")


def focus_is(page: Page, selector: str) -> Callable[[], bool]:
    # Playwright evaluates in its own world, also where the page's own scripts are off.
    return lambda: bool(page.evaluate("s => document.activeElement.matches(s)", selector))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_series_is_kept_by_the_keyboard_alone(
    shop: str, browser: Browser, four_weeks: list[Slot], javascript: bool
) -> None:
    phone = Phone(browser, javascript=javascript)
    page = phone.page
    page.goto(f"{shop}/cremasco/annuncio/{four_weeks[0].listing.slug}/")
    phone.look("series-listing")

    tab_to(page, focus_is(page, "#id_quanto"))
    page.keyboard.press("Control+A")
    page.keyboard.type("6")
    tab_to(page, focus_is(page, "input[name=orario]"))
    page.keyboard.press("Space")
    expect(page.locator(f"#slot-{four_weeks[0].pk}")).to_be_checked()
    tab_to(page, focus_is(page, "#id_volte"))
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Quante volte?")).to_have_value("4")
    tab_to(page, focus_is(page, "button.btn-primary"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Ogni settimana")).to_be_visible()
    phone.look("series")
    expect(page.get_by_text("per 3 orari")).to_be_visible()
    tab_to(page, focus_is(page, "input[type=radio]"))
    page.keyboard.press("Space")
    if javascript:
        expect(page.get_by_text("per 4 orari")).to_be_visible()
    tab_to(page, focus_is(page, "button.btn-primary"))
    page.keyboard.press("Enter")
    if not javascript:
        # The button had named three: it asks before it keeps four.
        expect(page.get_by_text("Hai cambiato le date: adesso sono 4 orari")).to_be_visible()
        assert not SlotHold.objects.exists()
        phone.look("series-changed")
        tab_to(page, focus_is(page, "button.btn-primary"))
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Il tuo carrello")).to_be_visible()
    expect(page.get_by_text("4 orari da 6 kg")).to_be_visible()
    phone.look("series-basket")
    assert Booking.objects.exclude(series="").count() == 4

    tab_to(page, focus_is(page, "form[action*='/serie/'] button"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tolti: Camicie e misto, 4 orari.")).to_be_visible()
    phone.look("series-taken-out")
    tab_to(page, focus_is(page, "form[action$='/rimetti/'] button"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 orari da 6 kg")).to_be_visible()
    assert phone.complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_later_days_take_the_focus_at_their_heading_and_keep_what_was_typed(
    shop: str, browser: Browser, four_weeks: list[Slot], javascript: bool
) -> None:
    phone = Phone(browser, javascript=javascript)
    page = phone.page
    page.goto(f"{shop}/cremasco/annuncio/{four_weeks[0].listing.slug}/")
    page.get_by_label("Quanti chili?").fill("6,5")

    page.get_by_role("button", name="Altri giorni, da").click()

    later = rome_date(four_weeks[1].starts_at)
    heading = page.locator(f"#giorno-{later:%Y%m%d}")
    expect(heading).to_be_focused()
    expect(page.get_by_label("Quanti chili?")).to_have_value("6,5")
    phone.look("later-days")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "orario"
    assert phone.complaints == []


def test_a_mistake_takes_the_focus_to_the_summary_and_loses_nothing(
    shop: str, browser: Browser, four_weeks: list[Slot]
) -> None:
    phone = Phone(browser)
    page = phone.page
    page.goto(f"{shop}/cremasco/annuncio/{four_weeks[0].listing.slug}/")
    page.get_by_label("Quanti chili?").fill("2")
    page.locator(f"label[for=slot-{four_weeks[0].pk}]").click()

    page.get_by_role("button", name="Tieni questo orario").last.click()

    expect(page.locator("#errors")).to_be_focused()
    expect(page.get_by_label("Quanti chili?")).to_have_value("2")
    expect(page.locator(f"#slot-{four_weeks[0].pk}")).to_be_checked()
    phone.look("listing-errors")
    assert phone.complaints == []


def test_the_warning_comes_by_itself_two_minutes_before(
    shop: str, browser: Browser, four_weeks: list[Slot]
) -> None:
    phone = Phone(browser)
    page = phone.page
    page.clock.install()
    page.goto(f"{shop}/cremasco/annuncio/{four_weeks[0].listing.slug}/")
    page.locator(f"label[for=slot-{four_weeks[0].pk}]").click()
    page.get_by_role("button", name="Tieni questo orario").last.click()
    expect(page.get_by_text("Tenuto per te fino alle")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)

    SlotHold.objects.update(until=timezone.now() + timedelta(seconds=100))
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("alert")).to_contain_text("mancano meno di due minuti")
    phone.look("basket-warning")
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("mancano meno di due minuti")).to_be_visible()
    assert phone.complaints == []
