"""The thread, whole, on a phone: found, kept, paid, mailed, served, earned; with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from oscar.apps.order.models import Order
from playwright.sync_api import Browser, expect

from checkout.models import Booking, Purchase
from ledger.models import Entry
from ledger.verify import faults
from outbox.models import Message
from payments.models import Payment, StripeEvent
from tests.browser.phone import Phone
from tests.builders import a_cooperative, a_kind, a_listing, a_member_of
from tests.front_door import a_slot_from_now, found_by_search

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_sellers() -> None:
    """Ironing by Girasole and babysitting by Papavero, in the coming days."""
    ironing = a_listing("Camicie e misto", by=a_cooperative("Girasole"))
    sitting = a_listing(
        "Merenda e compiti", by=a_cooperative("Papavero"), kind=a_kind("babysitting", "hour"), price=16_00
    )
    for days in (3, 4, 5, 8):
        a_slot_from_now(of=ironing, days=days)
        a_slot_from_now(of=sitting, days=days)
    found_by_search()
    a_member_of(a_cooperative("Girasole"))
    a_member_of(a_cooperative("Papavero"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_service_is_really_sold(shop: str, browser: Browser, two_sellers: None, javascript: bool) -> None:
    phone = Phone(browser, javascript=javascript)
    page = phone.page

    phone.keep_first_time(shop, "Stireria", "Girasole")
    phone.keep_first_time(shop, "Babysitting", "Papavero")
    page.get_by_role("link", name="Vai alla conferma").click()
    phone.look("checkout")
    page.get_by_role("button", name="Prenota e paga").click()
    expect(page.get_by_text("Scrivi il tuo nome: serve alla porta.").first).to_be_visible()
    phone.look("checkout-errors")
    phone.fill_in_checkout()
    phone.confirm()
    phone.look("payment")
    phone.pay("4000000000000002")
    expect(page.get_by_role("alert")).to_be_visible()
    phone.look("payment-declined")
    phone.pay("4242424242424242")

    expect(page.get_by_role("heading", name="Prenotato", exact=True)).to_be_visible()
    phone.look("booked")
    purchase = Purchase.objects.get()
    assert purchase.state == Purchase.State.SECURED
    assert Payment.objects.get().state == Payment.State.COLLECTED
    assert Order.objects.count() == 2
    assert faults() == []
    _webhook_has_come(page)
    assert Message.objects.filter(topic="mail").count() == 1
    assert [m.to for m in mail.outbox] == [["anna@example.org"]]

    for booking in Booking.objects.select_related("cooperative", "visit"):
        _serve(phone, shop, booking)

    purchase.refresh_from_db()
    assert purchase.state == Purchase.State.SETTLED
    assert sum(e.cents for e in Entry.objects.filter(account__kind="held")) == 0
    assert faults() == []
    assert phone.complaints == []


def test_left_without_paying_the_time_stays_kept_and_the_family_can_go_back(
    shop: str, browser: Browser, two_sellers: None
) -> None:
    phone = Phone(browser)
    page = phone.page
    phone.keep_first_time(shop, "Stireria", "Girasole")
    page.get_by_role("link", name="Vai alla conferma").click()
    phone.fill_in_checkout()
    phone.confirm()

    page.get_by_role("link", name="Torna senza pagare").click()

    expect(page.get_by_role("heading", name="Non hai finito di pagare")).to_be_visible()
    expect(page.get_by_text("Nessun addebito. L'orario è tuo fino alle")).to_be_visible()
    phone.look("left")
    assert Purchase.objects.get().state == Purchase.State.PAYING

    page.get_by_role("button", name="Torna a pagare").click()
    phone.pay("4242424242424242")
    expect(page.get_by_role("heading", name="Prenotato", exact=True)).to_be_visible()
    assert phone.complaints == []


def test_the_bank_wants_the_person_and_the_person_confirms(
    shop: str, browser: Browser, two_sellers: None
) -> None:
    phone = Phone(browser)
    phone.keep_first_time(shop, "Stireria", "Girasole")
    phone.page.get_by_role("link", name="Vai alla conferma").click()
    phone.fill_in_checkout()
    phone.confirm()
    phone.pay("4000002760003184")

    phone.page.get_by_role("button", name="Conferma").click()

    expect(phone.page.get_by_role("heading", name="Prenotato", exact=True)).to_be_visible()
    assert Payment.objects.get().state == Payment.State.COLLECTED
    assert phone.complaints == []


def _webhook_has_come(page) -> None:
    """Stripe's news come by themselves, while nobody looks."""
    deadline = timezone.now() + timedelta(seconds=10)
    while not StripeEvent.objects.filter(type="checkout.session.completed").exists():
        assert timezone.now() < deadline, "the webhook never came"
        page.wait_for_timeout(100)


def _serve(phone: Phone, shop: str, booking: Booking) -> None:
    """The cooperative signs in, sees its own order alone, and types the code that the family reads."""
    page = phone.page
    phone.context.clear_cookies()
    page.goto(f"{shop}/cremasco/cooperativa/prenotazioni/")
    page.get_by_label("E-mail").fill(f"desk-{booking.cooperative.slug}@example.org")
    page.get_by_label("Password", exact=True).fill("prova-prova-1")
    phone.look("sign-in")
    page.get_by_role("button", name=re.compile("Accedi|Entra")).click()
    expect(page.get_by_role("article")).to_have_count(1)
    phone.look("desk")
    page.get_by_role("article").get_by_role("link").click()
    phone.look("desk-booking")
    assert booking.visit is not None
    page.get_by_label("Il codice servizio della famiglia").fill(booking.visit.service_code)
    page.locator("label", has_text="Il servizio è già fatto").click()
    page.get_by_role("button", name="Conferma con il codice").click()
    expect(page.get_by_text("l'importo è da liquidare a voi")).to_be_visible()
    phone.look("desk-done")
