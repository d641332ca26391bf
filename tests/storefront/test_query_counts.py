"""A page costs the same number of queries with one booking on it and with four."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checkout.apply_payment import apply_payment
from checkout.signed_links import purchase_url
from tests.builders import (
    NOW,
    SOMEBODY,
    a_cooperative,
    a_listing,
    a_member_of,
    a_placed_purchase,
    a_slot,
    an_open_payment_of,
    paid,
)
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # the first visit may open a session
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def a_visitor_keeping(many: int) -> Client:
    return a_visitor_with_a_basket(
        *(a_slot_from_now(of=a_listing(f"Annuncio {n}", by=a_cooperative(f"Coop{n}"))) for n in range(many))
    )


def bought(many: int) -> str:
    slots = [a_slot(of=a_listing(f"Annuncio {n}", by=a_cooperative("Girasole"))) for n in range(many)]
    purchase = a_placed_purchase(*slots)
    payment = an_open_payment_of(purchase)
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)
    return purchase_url(purchase)


def basket(many: int) -> int:
    return queries_of(a_visitor_keeping(many), reverse("storefront:basket", args=["cremasco"]))


def checkout(many: int) -> int:
    return queries_of(a_visitor_keeping(many), reverse("storefront:checkout", args=["cremasco"]))


def purchase(many: int) -> int:
    return queries_of(Client(), bought(many))


def desk(many: int) -> int:
    bought(many)
    client = Client()
    client.force_login(a_member_of(a_cooperative("Girasole")))
    return queries_of(client, reverse("portal:bookings", args=["cremasco"]))


@pytest.mark.parametrize(("page", "queries"), [(basket, 6), (checkout, 8), (purchase, 4), (desk, 11)])
@pytest.mark.parametrize("many", [1, 4])
def test_a_page_costs_the_same_however_much_is_on_it(page: Callable[[int], int], queries: int, many: int):
    assert page(many) == queries
