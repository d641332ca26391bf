"""One basket, confirmed ten times at once through the front door: one purchase, one charge."""

import re
from uuid import uuid4

import pytest
import stripe
from django.conf import settings
from django.db import IntegrityError
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from checkout.follow_purchase import follow_purchase
from checkout.models import Purchase
from checkout.place_purchase import place_purchase
from kernel.actor import Actor
from ledger.models import Entry, Hold
from ledger.verify import faults
from outbox.models import Message
from payments.models import Payment
from tests.builders import NOW, SOMEBODY, a_kept_booking, a_placing, a_slot
from tests.front_door import a_filled_in_checkout, a_visitor_with_a_basket, pay_by_card
from tests.threads import at_once, without_locks

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 10


def _sessions_at_stripe(purchase: Purchase) -> list[stripe.checkout.Session]:
    client = stripe.StripeClient(
        settings.STRIPE_SECRET_KEY, base_addresses={"api": settings.STRIPE_API_BASE}, max_network_retries=0
    )
    sessions = client.v1.checkout.sessions.list({"limit": 100}).data
    return [session for session in sessions if session.client_reference_id == purchase.code]


def test_ten_clicks_at_once_are_one_purchase_one_page_and_one_charge(sandbox):
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)

    def click(_: int) -> str:
        tab = Client()
        tab.cookies = visitor.cookies
        return tab.post(address, form).headers["Location"]

    pages = at_once(CLICKS, click)

    purchase = Purchase.objects.get()
    assert len(set(pages)) == 1, pages
    assert re.match(rf"{sandbox}/pay/cs_test_", pages[0])
    assert len(_sessions_at_stripe(purchase)) == 1

    pay_by_card(pages[0])
    at_once(CLICKS, lambda _: follow_purchase(purchase.code, by=Actor.system("test"), now=timezone.now()))

    purchase.refresh_from_db()
    assert purchase.state == Purchase.State.SECURED
    assert Payment.objects.get().state == Payment.State.COLLECTED
    collected = Entry.objects.filter(account__kind="world").aggregate(total=Sum("cents"))["total"]
    assert collected == -purchase.total_cents
    assert Message.objects.filter(topic="mail").count() == 1
    assert faults() == []


def test_two_tabs_with_a_form_each_are_one_purchase():
    basket_id = a_kept_booking(a_slot()).line.basket_id
    tabs = [a_placing(basket_id, key=uuid4()) for _ in range(CLICKS)]

    results = at_once(CLICKS, lambda n: place_purchase(tabs[n], by=SOMEBODY, now=NOW))

    assert {result.pk for result in results} == {Purchase.objects.get().pk}
    assert Hold.objects.count() == 1


def test_control_without_the_lock_the_database_itself_must_refuse():
    basket_id = a_kept_booking(a_slot()).line.basket_id
    tabs = [a_placing(basket_id, key=uuid4()) for _ in range(CLICKS)]

    with without_locks():
        results = at_once(CLICKS, lambda n: place_purchase(tabs[n], by=SOMEBODY, now=NOW))

    assert any(isinstance(result, IntegrityError) for result in results), results
    assert Purchase.objects.filter(state=Purchase.State.PAYING).count() <= 1
