from datetime import timedelta

import pytest

from checkout.forget_contacts import contacts_to_forget, forget_contact
from checkout.place_purchase import CONTACT_KEPT_FOR
from tests.builders import NOW, a_placed_purchase

pytestmark = pytest.mark.django_db


def test_a_contact_is_forgotten_once_its_time_has_passed_and_the_purchase_stays():
    purchase = a_placed_purchase()
    assert contacts_to_forget(NOW + CONTACT_KEPT_FOR - timedelta(seconds=1)) == []

    for contact_id in contacts_to_forget(NOW + CONTACT_KEPT_FOR):
        forget_contact(contact_id, NOW + CONTACT_KEPT_FOR)

    purchase.contact.refresh_from_db()
    assert (purchase.contact.name, purchase.contact.email, purchase.contact.street) == ("-", "", "")
    assert str(purchase.contact.municipality) == "Offanengo"
    assert contacts_to_forget(NOW + CONTACT_KEPT_FOR) == []


def test_a_contact_still_needed_is_not_forgotten():
    purchase = a_placed_purchase()

    forget_contact(purchase.contact.pk, NOW)

    purchase.contact.refresh_from_db()
    assert purchase.contact.name == "Anna Prova"
