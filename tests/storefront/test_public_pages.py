"""Pages on who comes, where, and under which rules: filled, empty, of another district, in both languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalogue import price_rules
from catalogue.models import Listing
from catalogue.price_rules import told_as
from storefront.memory import PLACE
from territory.models import District
from tests.builders import a_cooperative, a_district, a_kind, a_listing, a_municipality, a_place
from tests.front_door import a_slot_from_now, found_by_search

pytestmark = pytest.mark.django_db


def get(name: str, *args: object, language: str = "it", district: str = "cremasco", **query: str):
    client = Client(headers={"accept-language": language})
    return client.get(reverse(f"storefront:{name}", args=[district, *args]), query)


def words(name: str, *args: object, language: str = "it", **query: str) -> str:
    answer = get(name, *args, language=language, **query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&#x27;", "'")


def another_district() -> District:
    """Another one, with nothing in it."""
    return District.objects.create(
        slug="altrove",
        name="Altrove",
        phone="02 000",
        email="a@example.org",
        desk_address="-",
        desk_hours="-",
    )


def offers(many: int) -> list[Listing]:
    """So many listings of one cooperative, each with a time, at one place."""
    place, cooperative = a_place(), a_cooperative()
    found = []
    for number in range(many):
        listing = a_slot_from_now(of=a_listing(f"Annuncio {number}", by=cooperative)).listing
        listing.places.add(place)
        found.append(listing)
    found_by_search()
    return found


# --- Cooperatives ------------------------------------------------------------------------------------------


def test_a_cooperative_says_who_it_is_where_it_goes_and_what_it_offers():
    cooperative = a_cooperative()
    type(cooperative).objects.update(story="Stiriamo da vent'anni.", seat="via Prova 2, Crema")
    a_slot_from_now(of=a_listing("Camicie", price=5_00))
    found_by_search()

    page = words("cooperative", "girasole")

    assert "Stiriamo da vent'anni." in page
    assert "via Prova 2, Crema" in page
    assert cooperative.vat_number in page
    assert "Arriva in 1 comune" in page
    assert "/cremasco/comuni/offanengo/" in page
    assert "Camicie" in page
    assert "20,00 €" in page
    assert 'itemtype="https://schema.org/Organization"' in page


def test_a_story_told_only_in_italian_is_marked_so_in_english():
    a_cooperative()
    a_cooperative().__class__.objects.update(story="Stiriamo da vent'anni.")

    page = words("cooperative", "girasole", language="en")

    assert '<div class="words" lang="it"><p>Stiriamo' in page
    assert "Nothing can be booked here at the moment." in page


def test_a_cooperative_without_offers_leads_to_the_services():
    a_cooperative()

    page = words("cooperative", "girasole")

    assert "Per ora qui non si prenota nulla." in page
    assert "/cremasco/#servizi" in page


def test_a_cooperative_that_does_not_work_in_a_district_is_not_there():
    a_cooperative()
    another_district()

    assert get("cooperative", "girasole", district="altrove").status_code == 404
    assert get("cooperative", "nessuna").status_code == 404


def test_a_paused_listing_is_on_no_page_of_offers():
    offers(1)
    Listing.objects.update(state=Listing.State.PAUSED)

    assert "Annuncio 0" not in words("cooperative", "girasole")
    assert "Annuncio 0" not in words("place", a_place().slug)


def test_offers_beyond_the_twentieth_are_on_the_next_page():
    offers(21)

    first, second = words("cooperative", "girasole"), words("cooperative", "girasole", pagina="2")

    assert first.count('class="box box-link offer"') == 20
    assert second.count('class="box box-link offer"') == 1
    assert "Pagina 2 di 2" in second


# --- Municipalities and places -----------------------------------------------------------------------------


def test_a_municipality_says_who_comes_from_what_price_and_what_is_there():
    offers(1)
    a_kind("pulizie", "hour")

    page = words("municipality", "offanengo")

    assert "/cremasco/servizi/stireria/?comune=offanengo" in page
    assert "da 4,90 € al kg" in page
    assert "Pulizie: qui non viene ancora nessuno." in page
    assert f"/cremasco/luoghi/{a_place().slug}/" in page


def test_a_municipality_where_nobody_comes_names_its_neighbours():
    offers(1)
    a_municipality("Soncino")

    page = words("municipality", "soncino")

    assert "Stireria: qui non viene ancora nessuno." in page
    assert "/cremasco/comuni/offanengo/" in page
    assert "Qui vicino" in page


def test_all_municipalities_are_listed_with_how_many_offers_each_has():
    offers(2)
    a_municipality("Soncino")

    page = words("municipalities")

    assert "2 comuni" in page
    assert page.index("Offanengo") < page.index("2 annunci") < page.index("Soncino")


def test_a_district_without_municipalities_says_whom_to_call():
    a_district()

    assert "Chiama lo sportello" in words("municipalities")


def test_a_place_says_how_to_get_in_and_what_happens_there():
    offers(1)
    a_place(access_it="Una rampa accanto ai gradini.", hours="lun-ven 9-12", about_en="A yard.")

    page = words("place", a_place().slug)

    assert "Una rampa accanto ai gradini." in page
    assert "lun-ven 9-12" in page
    assert "Annuncio 0" in page
    assert 'itemtype="https://schema.org/Place"' in page
    assert "A yard." in words("place", a_place().slug, language="en")


def test_an_empty_place_says_how_to_propose_a_service():
    place = a_place()

    page = words("place", place.slug)

    assert "Qui non si prenota ancora nulla." in page
    assert "Proponilo allo sportello" in page
    assert "Non sappiamo ancora di gradini" in page


@pytest.mark.parametrize("name", ["municipality", "place"])
def test_nothing_of_one_district_is_shown_by_another(name):
    slug = {"municipality": a_municipality().slug, "place": a_place().slug}[name]
    another_district()

    assert get(name, slug, district="altrove").status_code == 404
    assert get(name, "nessuno").status_code == 404


# --- Rules -------------------------------------------------------------------------------------------------


def test_the_page_on_prices_promises_no_rule_that_the_program_does_not_apply():
    a_district()

    page = words("prices")

    assert "Oggi paghi il prezzo di listino." in page
    assert "buono" not in page.lower()
    assert "L'IVA è compresa." in page
    assert "commissione" in page


@told_as("Gruppo", "Dal terzo in poi si paga meno.")
def a_step(prices, asker):
    return [None for _ in prices]


def test_the_page_on_prices_tells_each_rule_that_the_program_applies(settings):
    a_district()
    settings.PRICE_STEPS = [f"{__name__}.a_step"]

    page = words("prices")

    assert "Dal terzo in poi si paga meno." in page
    assert "Oggi paghi il prezzo di listino." not in page


def test_every_price_step_in_the_settings_has_its_words():
    price_rules.price_rules()


def test_the_order_of_offers_is_told_with_its_norm():
    a_district()

    page = words("ranking")

    assert page.index("primo orario libero") < page.index("A pari orario") < page.index("A pari prezzo")
    assert "49-bis" in page
    assert "2019/1150" in page


def test_who_runs_the_site_is_told_at_the_foot_of_every_page():
    District.objects.filter(pk=a_district().pk).update(
        legal_name="Ente di Prova", legal_seat="via Legale 1", tax_number="99999000195"
    )

    foot = words("help").split("<footer")[1]

    for told in (
        "Ente di Prova",
        "via Legale 1",
        "99999000195",
        "0373 000 000",
        "Recedere dal contratto qui",
    ):
        assert told in foot
    for page in ("condizioni", "privacy", "recesso", "accessibilita", "prezzi", "ordine", "chi-siamo"):
        assert f"/cremasco/{page}/" in foot
    assert "odr" not in foot.lower()


def test_the_foot_leads_to_the_official_declaration_once_there_is_one():
    District.objects.filter(pk=a_district().pk).update(accessibility_url="https://form.agid.gov.it/view/1")

    page = words("accessibility")

    assert '"https://form.agid.gov.it/view/1" data-element="accessibility-link"' in page
    assert "non è ancora stata" not in page


@pytest.mark.parametrize("name", ["prices", "ranking", "about", "municipalities", "terms", "privacy"])
def test_the_pages_speak_english_too(name):
    a_district()

    page = words(name, language="en")

    assert '<html lang="en">' in page
    assert "Who runs this site" in page


def test_the_place_chosen_before_is_on_every_page_and_costs_a_look_only_then():
    a_municipality()
    address = reverse("storefront:help", args=["cremasco"])
    remembering = Client()
    remembering.cookies[PLACE] = "offanengo"

    with CaptureQueriesContext(connection) as stranger:
        without = Client().get(address).content.decode()
    with CaptureQueriesContext(connection) as known:
        page = remembering.get(address).content.decode()

    assert "Offanengo," in page
    assert "Offanengo," not in without
    assert len(known) == len(stranger) + 1


# --- What a page costs -------------------------------------------------------------------------------------


def queries_of(name: str, *args: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert get(name, *args).status_code == 200
    return len(captured)


@pytest.mark.parametrize("many", [1, 30])
def test_a_page_costs_the_same_queries_however_much_there_is(many):
    offers(many)
    for number in range(many):
        a_place(f"Luogo {number}")
        a_municipality(f"Comune{number}")
        a_kind(f"servizio-{number}")
    now = timezone.now()
    for number in range(1, many):
        a_district().terms.create(
            text="conditions",
            version=number,
            from_date=(now + timedelta(days=number)).date(),
            body_it="-",
            body_en="-",
        )

    assert {
        "cooperative": queries_of("cooperative", "girasole"),
        "municipality": queries_of("municipality", "offanengo"),
        "municipalities": queries_of("municipalities"),
        "place": queries_of("place", a_place().slug),
        "terms": queries_of("terms"),
        "prices": queries_of("prices"),
    } == {
        "cooperative": 9,
        "municipality": 6,
        "municipalities": 3,
        "place": 6,
        "terms": 2,
        "prices": 1,
    }
