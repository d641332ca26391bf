"""Pages that the URL conf does not name: the sandbox's, the mails', and a marketplace that nobody has opened yet."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from catalogue.pricing import Asker
from checkout.apply_payment import apply_payment
from checkout.baskets import bookings_in
from checkout.models import Purchase
from checkout.place_purchase import place_purchase
from checkout.quote import quote_of
from tests.browser.inspection import LISTEN, inspect
from tests.browser.phone import Phone
from tests.builders import (
    NOW,
    SOMEBODY,
    a_basket,
    a_cooperative,
    a_district,
    a_kept_booking,
    a_listing,
    a_placing,
    an_open_payment_of,
    paid,
)
from tests.front_door import a_slot_from_now, found_by_search

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_phone(browser: Browser, language: str) -> Phone:
    phone = Phone(browser, language=language)
    phone.context.add_init_script(LISTEN)
    return phone


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_banks_pages_keep_the_rules_too(shop: str, browser: Browser, language: str) -> None:
    a_slot_from_now(of=a_listing(by=a_cooperative("Girasole")))
    found_by_search()
    phone = a_phone(browser, language)
    page = phone.page
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = inspect(page, language=language, is_ours=False)

    _to_the_bank(page, shop)
    bank = page.url
    look("pay")
    phone.expected_status = 422
    page.locator("form button").click()
    page.get_by_role("alert").wait_for()
    look("errors")
    _type_card(page, "4000000000000002")
    phone.expected_status = 402
    page.locator("form button").click()
    page.locator(".alert p").wait_for()
    look("declined")
    _type_card(page, "4000002760003184")
    page.locator("form button").click()
    page.wait_for_url("**/3ds/**")
    look("3ds")
    page.locator("button[value=confirm]").click()
    page.wait_for_url(f"{shop}/**")
    page.goto(bank)
    look("complete")
    phone.expected_status = 404
    page.goto(bank.split("#")[0][:-5])
    look("missing")

    assert {name: said for name, said in found.items() if said} == {}
    assert phone.complaints == []
    assert Purchase.objects.get().state == Purchase.State.SECURED


def test_the_sandboxs_own_overview_keeps_the_rules(shop: str, browser: Browser) -> None:
    a_slot_from_now(of=a_listing(by=a_cooperative("Girasole")))
    found_by_search()
    phone = a_phone(browser, "it")
    _to_the_bank(phone.page, shop)

    phone.page.goto(phone.page.url.split("/pay/")[0])

    # For developers, in English whoever asks.
    assert inspect(phone.page, language="en", is_ours=False) == []
    assert phone.complaints == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_marketplace_without_a_district_says_so(
    live_server: LiveServer, browser: Browser, language: str
) -> None:
    phone = a_phone(browser, language)

    phone.page.goto(live_server.url)

    assert inspect(phone.page, language=language) == []
    assert phone.complaints == []


def test_the_only_district_is_where_the_first_page_leads(live_server: LiveServer, browser: Browser) -> None:
    a_district()
    phone = a_phone(browser, "it")

    phone.page.goto(live_server.url)

    assert phone.page.url == f"{live_server.url}/cremasco/"


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_mail_that_confirms_can_be_read_by_everybody(browser: Browser, language: str) -> None:
    _buy(language)
    letter = mail.outbox[0]
    assert isinstance(letter, EmailMultiAlternatives)
    phone = a_phone(browser, language)

    phone.page.set_content(str(letter.alternatives[0][0]))
    found = inspect(phone.page, language=language, italian=frozenset({TITLE}), is_ours=False)

    # Mail programs know no stylesheets and no frames: styles are in line and in pixels, and nobody looks for <main>.
    expected = ("inline style", "0 <main>", "axe landmark-one-main", "axe region", "texts do not grow")
    assert [said for said in found if not any(known in said for known in expected)] == []


TITLE = "Camicie piegate con cura"


def _buy(language: str) -> None:
    basket = a_basket()
    a_kept_booking(a_slot_from_now(of=a_listing(TITLE)), basket=basket)
    placing = a_placing(
        basket.pk, language=language, shown=quote_of(bookings_in(basket.pk), asker=Asker(now=NOW))
    )
    payment = an_open_payment_of(place_purchase(placing, by=SOMEBODY, now=NOW))
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)


def _to_the_bank(page: Page, shop: str) -> None:
    """From a listing to the payment page, in any language."""
    page.goto(f"{shop}/cremasco/servizi/stireria/?comune=offanengo")
    page.locator("article a").first.click()
    page.locator("#id_quanto").fill("6")
    page.locator("fieldset .option label").first.click()
    page.locator("main form .btn-primary").first.click()
    page.goto(f"{shop}/cremasco/conferma/")
    for field, text in (
        ("name", "Anna Prova"),
        ("email", "anna@example.org"),
        ("phone", "3331234567"),
        ("street", "Via Roma 1"),
    ):
        page.locator(f"#id_{field}").fill(text)
    page.locator("#id_municipality").select_option("offanengo")
    page.locator("label[for=id_early_start]").click()
    page.locator("main form .btn-primary").first.click()
    page.wait_for_url("**/pay/**")


def _type_card(page: Page, number: str) -> None:
    for field, text in (("number", number), ("expiry", "12/34"), ("cvc", "123"), ("holder", "Anna Prova")):
        page.locator(f"#{field}").fill(text)
