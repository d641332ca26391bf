"""A kept page is only for visitors of whom nothing personal is shown, and carries nothing of one to another."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from providers.models import Slot
from tests.builders import a_municipality, a_user
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket
from tests.kept import TOKEN, a_full_listing, a_stranger, address_of, is_kept, shown

pytestmark = pytest.mark.django_db


def test_each_visitor_has_a_token_of_their_own_that_works():
    listing = a_full_listing()
    slot = Slot.objects.order_by("period")[1]
    visitors = [Client(enforce_csrf_checks=True) for _ in range(3)]
    tokens = []
    for visitor in visitors:
        (token,) = set(TOKEN.findall(visitor.get(address_of(listing)).content.decode()))
        tokens.append(token)
    asked = {"quanto": "6", "orario": slot.pk}

    assert len(set(tokens)) == 3
    strange = visitors[1].post(address_of(listing), {**asked, "csrfmiddlewaretoken": tokens[0]})
    assert strange.status_code == 403
    for visitor, token in zip(visitors[:2], tokens[:2], strict=True):
        answer = visitor.post(address_of(listing), {**asked, "csrfmiddlewaretoken": token})
        assert answer.status_code == 302


def test_who_has_a_basket_sees_its_count_and_nobody_else_does():
    slot = a_slot_from_now()
    address = address_of(slot.listing)
    keeper = a_visitor_with_a_basket(slot)

    count = '<span class="count">1</span>'
    assert count in keeper.get(address).content.decode()
    assert count not in shown(address)
    assert is_kept(address)
    assert count in keeper.get(address).content.decode()


def test_who_is_signed_in_gets_a_page_of_their_own_that_is_not_kept():
    address = address_of(a_full_listing())
    person = Client()
    person.force_login(a_user())

    assert "Le mie prenotazioni</a></li>\n" in person.get(address).content.decode()
    assert not is_kept(address)
    assert not is_kept(address, person)


@pytest.mark.parametrize("query", ["?orario=1", "?comune=%00", "?quanto=" + "1" * 300, "?comune=<b>"])
def test_what_is_not_known_to_be_harmless_is_not_kept(query: str):
    address = address_of(a_full_listing(), query)
    shown(address)

    assert not is_kept(address)


def test_htmx_and_posted_days_are_not_answered_from_what_is_kept():
    address = address_of(a_full_listing())
    shown(address)

    with CaptureQueriesContext(connection) as captured:
        assert a_stranger().get(address, headers={"hx-request": "true"}).status_code == 200
        assert a_stranger().post(address, {"da": ""}).status_code == 200

    assert len(captured) > 4


def taking_nothing(items, asker):
    return [None for _item in items]


def test_with_price_steps_no_page_is_kept_for_they_may_look_at_the_person(settings):
    address = address_of(a_full_listing())
    shown(address)
    assert is_kept(address)

    settings.PRICE_STEPS = ["tests.storefront.test_kept_pages_are_nobodys.taking_nothing"]

    assert not is_kept(address)
    assert not is_kept(address)


def test_the_language_of_the_browser_has_pages_of_its_own():
    address = address_of(a_full_listing())
    shown(address)

    english = Client(headers={"accept-language": "en"}).get(address)

    assert english["Content-Language"] == "en"
    assert english["Vary"] == "Cookie, Accept-Language, Accept-Encoding"
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="it">' in shown(address)


def test_a_remembered_place_is_shown_to_who_chose_it_only():
    a_municipality("Crema")
    address = address_of(a_full_listing())

    assert "Crema, <a" in shown(address, luogo="crema")
    assert "Crema, <a" not in shown(address)
    assert "Crema, <a" in shown(address, luogo="crema")
