"""The cooperative's desk: its own bookings, and nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from checkout.apply_payment import apply_payment
from checkout.models import Booking
from tests.builders import (
    NOW,
    SOMEBODY,
    a_cooperative,
    a_listing,
    a_member_of,
    a_placed_purchase,
    a_slot,
    a_user,
    an_open_payment_of,
    paid,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold() -> dict[str, Booking]:
    """One purchase over two cooperatives, paid."""
    purchase = a_placed_purchase(
        a_slot(of=a_listing("Camicie", by=a_cooperative("Girasole"))),
        a_slot(of=a_listing("Lenzuola", by=a_cooperative("Papavero"))),
    )
    payment = an_open_payment_of(purchase)
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)
    return {booking.cooperative.name: booking for booking in purchase.bookings.all()}


def desk_of(name: str) -> Client:
    client = Client()
    client.force_login(a_member_of(a_cooperative(name)))
    return client


def address_of(booking: Booking) -> str:
    return reverse("portal:booking", args=["cremasco", booking.code])


def test_each_cooperative_sees_its_own_order_and_nothing_of_the_others(sold):
    page = desk_of("Girasole").get(reverse("portal:bookings", args=["cremasco"])).content.decode()

    assert "Camicie" in page
    assert "Lenzuola" not in page
    assert "Papavero" not in page


def test_a_neighbours_booking_does_not_exist(sold):
    desk = desk_of("Girasole")

    assert desk.get(address_of(sold["Papavero"])).status_code == 404
    assert desk.post(address_of(sold["Papavero"]), {"service_code": "000000"}).status_code == 404


def test_the_desk_sees_whom_to_serve_and_never_how_they_pay(sold):
    page = desk_of("Girasole").get(address_of(sold["Girasole"])).content.decode()

    assert "Via Roma 1" in page
    assert "anna@example.org" not in page
    assert sold["Girasole"].visit.service_code not in page.replace("-", "")


def test_the_code_that_the_family_reads_makes_it_payable(sold):
    desk = desk_of("Girasole")

    answer = desk.post(
        address_of(sold["Girasole"]),
        {"service_code": sold["Girasole"].visit.service_code, "done_early": "on"},
        follow=True,
    )

    page = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Confermato: l&#x27;importo è da liquidare a voi." in page
    assert "27,93 €" in page


def test_a_wrong_code_is_told_beside_the_field(sold):
    answer = desk_of("Girasole").post(
        address_of(sold["Girasole"]), {"service_code": "000000", "done_early": "on"}
    )

    assert answer.status_code == 422
    assert "Non è il codice di questo appuntamento" in answer.content.decode()


def test_a_family_finds_no_desk():
    a_cooperative()
    client = Client()
    client.force_login(a_user())

    assert client.get(reverse("portal:bookings", args=["cremasco"])).status_code == 404


def test_a_stranger_signs_in_first():
    a_cooperative()

    answer = Client().get(reverse("portal:bookings", args=["cremasco"]))

    assert answer.headers["Location"] == "/accedi/login/?next=/cremasco/cooperativa/prenotazioni/"


def test_before_its_time_the_desk_says_that_it_is_already_done(sold):
    answer = desk_of("Girasole").post(
        address_of(sold["Girasole"]), {"service_code": sold["Girasole"].visit.service_code}
    )

    assert answer.status_code == 422
    assert "Se è già fatto, metti la spunta qui sotto." in answer.content.decode()
