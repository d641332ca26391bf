"""What is remembered of a visitor without an account, and offers side by side."""

import pytest
from django.test import Client

from catalogue.models import Listing
from tests.builders import a_kind, a_municipality
from tests.front_door import found_by_search
from tests.storefront.test_search import an_offer, page, shown

pytestmark = pytest.mark.django_db


def test_the_place_is_remembered_without_an_account_and_without_a_session():
    an_offer("Camicie")
    a_municipality("Soncino")
    found_by_search()
    visitor = Client()

    page("kind", "stireria", client=visitor, comune="offanengo", quanto="6")
    html = page("kind", "stireria", client=visitor)

    assert "Stireria a Offanengo" in html
    assert "29,40 €" in html
    assert "sessionid" not in visitor.cookies


def test_choosing_all_municipalities_forgets_the_place():
    an_offer("Camicie")
    found_by_search()
    visitor = Client()
    page("kind", "stireria", client=visitor, comune="offanengo")

    page("kind", "stireria", client=visitor, comune="")

    assert "Stireria a Offanengo" not in page("kind", "stireria", client=visitor)


@pytest.mark.parametrize("cookie", ["atlantide", "'; DROP TABLE", "9" * 5000])
def test_a_cookie_that_is_not_ours_is_ignored(cookie):
    an_offer("Camicie")
    found_by_search()
    visitor = Client()
    visitor.cookies["luogo"] = visitor.cookies["quanto"] = cookie

    assert shown(page("kind", "stireria", client=visitor)) == ["Camicie"]


def test_three_offers_stand_side_by_side_for_one_quantity():
    listings = [an_offer(f"Annuncio {n}", price=4_00 + n * 1_00) for n in range(4)]

    html = page("compare", a=[one.slug for one in listings], quanto="6")

    assert [title for title in ("Annuncio 0", "Annuncio 1", "Annuncio 2", "Annuncio 3") if title in html] == [
        "Annuncio 0", "Annuncio 1", "Annuncio 2",
    ]  # fmt: skip
    assert all(price in html for price in ("24,00 €", "30,00 €", "36,00 €"))
    assert "Tre alla volta" in html


@pytest.mark.parametrize("chosen", [[], ["nessuno"], ["'"] * 50])
def test_nothing_to_compare_is_said_with_the_way_back(chosen):
    an_offer("Camicie")

    assert "Ancora niente da confrontare" in page("compare", a=chosen)


def test_another_districts_offers_are_neither_found_nor_compared():
    listing = an_offer("Camicie")
    other = a_kind("altrove")
    other.district = other.district.__class__.objects.create(
        slug="altro", name="Altro", phone="", email="a@b.it"
    )
    other.save()
    Listing.objects.filter(pk=listing.pk).update(kind=other)
    found_by_search()

    assert shown(page("search", q="camicie")) == []
    assert "Ancora niente da confrontare" in page("compare", a=[listing.slug])
