"""Finding offers: words, filters with their counts, what is near, what is remembered."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Listing
from kernel.clock import rome_date
from providers.models import Slot
from tests.builders import a_cooperative, a_kind, a_listing, a_municipality
from tests.front_door import a_slot_from_now, found_by_search

pytestmark = pytest.mark.django_db


def page(name: str, *args: object, client: Client | None = None, **query) -> str:
    answer = (client or Client()).get(reverse(f"storefront:{name}", args=["cremasco", *args]), query)
    assert answer.status_code == 200, answer
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def shown(html: str) -> list[str]:
    """The titles of the cards, in their order."""
    return re.findall(r'<h2 itemprop="name"><a [^>]*>([^<]+)</a>', html)


def an_offer(
    title: str, *, days: int = 3, price: int = 4_90, english: str = "", of: str = "stireria", **texts: str
):
    listing = a_listing(title, price=price, kind=a_kind(of))
    Listing.objects.filter(pk=listing.pk).update(title_en=english, **texts)
    a_slot_from_now(of=listing, days=days)
    return listing


@pytest.mark.parametrize(
    "typed", ["camicia", "CAMICIE", "camicie  bianche", "perche bianche", "shirts", "shirt"]
)
def test_words_are_found_by_their_stem_in_either_language_accents_aside(typed):
    an_offer("Camicie bianche", english="White shirts", description="Perché stirate a mano.")
    an_offer("Lenzuola")
    found_by_search()

    assert shown(page("search", q=typed)) == ["Camicie bianche"]


@pytest.mark.parametrize("typed", ["stireria", "Ferro da stiro", "STIRO", "ironing"])
def test_the_name_of_a_service_or_a_word_it_is_looked_for_under_leads_to_its_page(typed):
    kind = a_kind()
    kind.name_en, kind.keywords = "Ironing", "ferro da stiro, stiro"
    kind.save()
    an_offer("Panni di casa")
    found_by_search()

    answer = Client().get(reverse("storefront:search", args=["cremasco"]), {"q": typed})

    assert answer.headers["Location"] == "/cremasco/servizi/stireria/"


@pytest.mark.parametrize(
    "typed", ["stireria a Offanengo", "Offanengo stireria", "stireria vicino a offanengo"]
)
def test_a_service_and_a_place_named_together_lead_to_that_service_in_that_place(typed):
    an_offer("Panni di casa")
    found_by_search()

    answer = Client().get(reverse("storefront:search", args=["cremasco"]), {"q": typed})

    assert answer.headers["Location"] == "/cremasco/servizi/stireria/?comune=offanengo"


def test_a_mistyped_service_is_put_right_too():
    an_offer("Panni di casa")
    found_by_search()

    html = page("search", q="sitreria")

    assert shown(html) == ["Panni di casa"]
    assert "Ecco cosa c'è per «stireria»." in html


def test_a_place_named_with_other_words_narrows_them_to_it():
    an_offer("Camicie")
    elsewhere = an_offer("Camicie di Soncino")
    elsewhere.area.set([a_municipality("Soncino")])
    found_by_search()

    assert shown(page("search", q="camicie offanengo")) == ["Camicie"]


def test_a_mistyped_word_is_put_right_and_the_page_says_so():
    an_offer("Camicie bianche")
    found_by_search()

    html = page("search", q="camcie binache")

    assert shown(html) == ["Camicie bianche"]
    assert "Per «camcie binache» non c'è niente. Ecco cosa c'è per «camicie bianche»." in html


@pytest.mark.parametrize("typed", ["zzzzqqq", "di", "'\"<script>", "\0", "%_\\", "a" * 5000, "& | ! :* <->"])
def test_words_that_nobody_says_lead_on_to_the_services(typed):
    an_offer("Camicie bianche")
    found_by_search()

    answer = Client().get(reverse("storefront:search", args=["cremasco"]), {"q": typed})

    html = unescape(answer.content.decode())
    assert answer.status_code in {200, 422}
    assert shown(html) == []
    assert "/cremasco/servizi/stireria/" in html


def test_who_says_the_word_in_the_title_comes_before_who_only_mentions_it():
    an_offer("Panni di casa", days=2, description="Anche camicie.")
    an_offer("Camicie", days=5)
    found_by_search()

    assert shown(page("search", q="camicie")) == ["Camicie", "Panni di casa"]


def test_offers_of_one_kind_come_by_first_free_time_then_by_price():
    an_offer("Terza", days=9)
    an_offer("Seconda", days=3, price=9_00)
    an_offer("Prima", days=3, price=4_00)
    a_listing("Mai libera")
    found_by_search()

    html = page("kind", "stireria")

    starts = Slot.objects.filter(listing__title__in=["Prima", "Seconda"])
    assert len({slot.starts_at.replace(second=0, microsecond=0) for slot in starts}) == 1
    assert shown(html)[2:] == ["Terza", "Mai libera"]
    assert "Nessun orario libero nelle prossime settimane" in html


def test_who_asks_for_a_day_is_told_its_first_time_and_led_to_it():
    listing = an_offer("Camicie", days=3)
    a_slot_from_now(of=listing, days=6)
    found_by_search()
    asked = rome_date(listing.slots.order_by("period").last().starts_at)

    html = page("kind", "stireria", quando=asked.isoformat())
    link = re.search(rf'href="(/cremasco/annuncio/[^"]+da={asked.isoformat()})"', html)
    assert link is not None
    offered = Client().get(unescape(link.group(1))).content.decode()

    first_shown = re.search(r"Primo orario: <strong>([^<]+)", html)
    assert first_shown is not None
    assert f" {asked.day} " in first_shown.group(1)
    days = re.findall(r'id="giorno-(\d+)"', offered)
    assert days == [f"{asked:%Y%m%d}"]


def test_a_time_taken_since_the_last_refresh_is_not_promised():
    listing = an_offer("Camicie", days=3)
    a_slot_from_now(of=listing, days=6)
    found_by_search()
    first = listing.slots.order_by("period").first()
    Slot.objects.filter(pk=first.pk).update(taken=3)

    html = page("kind", "stireria")

    later = rome_date(timezone.now() + timedelta(days=6))
    first_shown = re.search(r"Primo orario: <strong>([^<]+)", html)
    assert first_shown is not None
    assert f" {later.day} " in first_shown.group(1)


def test_a_listing_paused_since_the_last_refresh_is_not_shown():
    listing = an_offer("Camicie")
    found_by_search()
    Listing.objects.filter(pk=listing.pk).update(state="paused")

    assert shown(page("kind", "stireria")) == []


def choices(html: str, name: str) -> dict[str, int]:
    """A filter's options and how many offers each says it brings."""
    (select,) = re.findall(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    return {
        value: int(many) for value, many in re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)', select)
    }


def a_shop_full() -> None:
    here, there = a_municipality("Offanengo"), a_municipality("Crema")
    for number in range(12):
        listing = an_offer(f"Annuncio {number}", days=2 + number % 4, price=4_00 + 37 * number)
        if number % 3 == 0:
            listing.area.add(there)
        if number % 4 == 0:
            listing.area.remove(here)
            listing.area.add(there)
    found_by_search()


@pytest.mark.parametrize("name", ["comune", "quando", "prezzo"])
@pytest.mark.parametrize("beside", [{}, {"comune": "crema"}, {"prezzo": "600"}])
def test_each_filter_brings_as_many_offers_as_it_says(name, beside):
    a_shop_full()
    options = choices(page("kind", "stireria", **beside), name)

    brought = {value: len(shown(page("kind", "stireria", **{**beside, name: value}))) for value in options}

    assert brought == options
    assert any(options.values())


def test_services_are_counted_for_the_words_asked():
    an_offer("Camicie bianche")
    an_offer("Camicie e compiti", of="babysitting")
    found_by_search()

    assert choices(page("search", q="camicie"), "servizio") == {"stireria": 1, "babysitting": 1}
    assert shown(page("search", q="camicie", servizio="babysitting")) == ["Camicie e compiti"]


def test_a_day_without_a_free_time_leads_to_the_first_day_with_one():
    an_offer("Camicie", days=5)
    found_by_search()
    empty, full = (rome_date(timezone.now() + timedelta(days=n)).isoformat() for n in (2, 5))

    html = page("kind", "stireria", quando=empty)

    assert shown(html) == []
    assert "Il primo giorno con un orario libero è" in html
    assert f"quando={full}" in html


@pytest.mark.parametrize("quando", ["2020-01-01", "domani", "2999-12-31", ""])
@pytest.mark.parametrize("prezzo", ["-1", "0", "abc", "9" * 400, "٦"])
@pytest.mark.parametrize("pagina", ["0", "-3", "9" * 400, "x"])
def test_what_makes_no_sense_in_an_address_is_left_out(quando, prezzo, pagina):
    an_offer("Camicie")
    found_by_search()

    assert shown(page("kind", "stireria", quando=quando, prezzo=prezzo, pagina=pagina)) == ["Camicie"]


def test_where_nobody_comes_the_nearest_places_with_offers_are_named():
    an_offer("Camicie")
    far = a_municipality("Soncino")
    far.longitude = "9.88"
    far.save()
    found_by_search()

    html = page("kind", "stireria", comune="soncino")

    assert "A Soncino non arriva ancora nessuno." in html
    assert re.search(r"comune=offanengo[^>]*>Offanengo</a> 11 km, 1 annuncio", html)


def test_more_offers_than_fit_are_on_further_pages_each_once():
    coop = a_cooperative("Girasole")
    for number in range(45):
        a_slot_from_now(of=a_listing(f"Annuncio {number}", by=coop), days=2 + number % 9)
    found_by_search()

    pages = [shown(page("kind", "stireria", pagina=number)) for number in (1, 2, 3)]

    assert [len(titles) for titles in pages] == [20, 20, 5]
    assert len({title for titles in pages for title in titles}) == 45
