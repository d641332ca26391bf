"""Dead ends that a hostile reader found, each with the way out."""

from datetime import timedelta
from time import sleep

import pytest
import requests
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.apps.basket.models import Basket

from checkout.follow_purchase import follow_purchase
from checkout.models import Booking, Purchase
from checkout.signed_links import payment_return_url, purchase_url
from payments import gateway
from payments.gateway import GatewayRefused
from payments.models import Payment
from payments.open_payment import open_payment
from providers.models import SlotHold
from tests.builders import SOMEBODY, a_listing, a_placed_purchase, a_user, payment_of
from tests.front_door import a_filled_in_checkout, a_slot_from_now, a_visitor_with_a_basket, pay_by_card
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def test_a_second_click_after_the_first_was_answered_leads_to_the_same_page(sandbox):
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)

    first = visitor.post(address, form)
    second = visitor.post(address, form)

    assert second.headers["Location"] == first.headers["Location"]
    assert Purchase.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_signing_in_while_another_tab_pays_costs_no_booking(sandbox):
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)
    signed_in = Client()
    signed_in.force_login(a_user(), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    cookie = django_settings.OSCAR_BASKET_COOKIE_OPEN
    signed_in.cookies[cookie] = visitor.cookies[cookie].value

    answers = at_once(2, lambda n: visitor.post(address, form) if n else signed_in.get("/cremasco/carrello/"))

    page = answers[1].headers.get("Location", "")
    if "/pay/" in page:
        pay_by_card(page)
        purchase = follow_purchase(Purchase.objects.get().code, by=SOMEBODY, now=timezone.now())
        assert purchase.state == Purchase.State.SECURED
    else:  # the log-in was quicker: the basket is the user's now, and nothing was placed
        assert (
            Booking.objects.filter(state=Booking.State.KEPT, line__basket__owner__isnull=False).count() == 2
        )


def test_a_basket_whose_payment_came_to_nothing_is_handed_back_to_the_stranger(sandbox):
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)
    visitor.post(address, form)
    visitor.get("/cremasco/")  # Oscar forgets the cookie of a frozen basket here
    assert not visitor.cookies.pop(django_settings.OSCAR_BASKET_COOKIE_OPEN).value
    purchase = Purchase.objects.get()
    follow_purchase(purchase.code, by=SOMEBODY, now=timezone.now() + timedelta(minutes=36))

    assert "Niente prenotazione, niente addebito" in visitor.get(purchase_url(purchase)).content.decode()

    assert "Non più tenuto" in visitor.get(reverse("storefront:basket", args=["cremasco"])).content.decode()
    assert Basket.objects.get(pk=purchase.basket_id).status == Basket.OPEN


def test_a_payment_page_that_stripe_refuses_is_tried_a_few_times_and_then_given_up(sandbox):
    purchase = a_placed_purchase(a_slot_from_now(), now=timezone.now())
    payment = payment_of(purchase)
    payment.calls.update(params={"mode": "nonsense"})

    for _ in range(5):
        with pytest.raises(GatewayRefused):
            open_payment(payment.pk, now=timezone.now())
    found = follow_purchase(purchase.code, by=SOMEBODY, now=timezone.now() + timedelta(minutes=40))

    assert payment.calls.count() == 3
    assert found.state == Purchase.State.ABANDONED
    assert not SlotHold.objects.exclude(state=SlotHold.State.RELEASED).exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_made_for_a_payment_that_has_ended_meanwhile_is_closed_at_once(sandbox):
    purchase = a_placed_purchase(a_slot_from_now(), now=timezone.now())
    payment = payment_of(purchase)
    fault = {"endpoint": "POST /v1/checkout/sessions", "kind": "hang", "seconds": 2, "times": 1}
    key = {"Authorization": f"Bearer {django_settings.STRIPE_SECRET_KEY}"}
    assert requests.post(f"{sandbox}/sandbox/faults", json=fault, headers=key, timeout=5).ok

    def act(number: int) -> object:
        if number:
            sleep(0.7)  # Stripe is thinking by now, and the sweeper gives the purchase up
            return Payment.objects.filter(pk=payment.pk).update(state=Payment.State.EXPIRED)
        return open_payment(payment.pk, now=timezone.now())

    page, _ = at_once(2, act)

    payment.refresh_from_db()
    assert page is None
    assert payment.state == Payment.State.EXPIRED
    assert gateway.retrieve_session(payment.session_id).status == "expired"


def test_the_return_page_of_a_purchase_that_never_had_a_payment_page_says_so_in_words():
    purchase = a_placed_purchase()
    Payment.objects.update(state=Payment.State.EXPIRED)

    assert Client().get(payment_return_url(purchase), follow=True).status_code == 200


@pytest.mark.parametrize("typed", ["1e999990", "-1e999990", "9e999999", "1" * 5000])
def test_a_number_that_would_cost_half_a_minute_costs_nothing(typed):
    slot = a_slot_from_now()

    answer = Client().get(
        reverse("storefront:listing", args=["cremasco", slot.listing.slug]), {"quanto": typed}
    )

    assert answer.status_code in {200, 422}


@pytest.mark.parametrize("query", [{}, {"quanto": ""}, {"quanto": "6", "comune": "nope"}, {"quanto": "\0"}])
def test_the_price_of_nothing_is_no_error(query):
    slot = a_slot_from_now()

    assert (
        Client().get(reverse("storefront:price", args=["cremasco", slot.listing.slug]), query).status_code
        == 200
    )


def test_a_lost_time_costs_no_other_its_fifteen_minutes():
    lost, kept = a_slot_from_now(places=1), a_slot_from_now(of=a_listing("Altro"), days=5)
    visitor = a_visitor_with_a_basket(lost, kept)
    SlotHold.objects.filter(slot=lost).update(until=timezone.now())
    a_visitor_with_a_basket(lost)

    visitor.post(reverse("storefront:keep_longer", args=["cremasco"]))

    assert SlotHold.objects.get(slot=kept).extensions == 1


@pytest.mark.parametrize("path", ["/cremasco/carrello/%00/togli/", "/cremasco/carrello/é/togli/"])
def test_what_is_no_code_is_no_address(path):
    visitor = a_visitor_with_a_basket()

    assert visitor.post(path).status_code == 404


def test_a_long_email_is_told_in_words():
    visitor = a_visitor_with_a_basket()
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.it"
    address, form = a_filled_in_checkout(visitor, email=long)

    assert visitor.post(address, form).status_code == 422


def test_webhooks_with_a_signature_in_another_alphabet_are_refused():
    answer = Client().post(
        "/stripe/eventi/", b"{}", content_type="application/json", headers={"stripe-signature": "t=1,v1=é"}
    )

    assert answer.status_code == 400
