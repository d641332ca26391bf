"""The shop's pages, as a stranger without JavaScript meets them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.models import Booking
from providers.models import Slot, SlotHold
from tests.builders import a_cooperative, a_district, a_kind, a_listing, a_municipality, a_user
from tests.front_door import a_filled_in_checkout, a_slot_from_now, a_visitor_with_a_basket, found_by_search

pytestmark = pytest.mark.django_db


def get(name: str, *args: object, client: Client | None = None, **query: str):
    return (client or Client()).get(reverse(f"storefront:{name}", args=["cremasco", *args]), query)


def test_the_only_district_is_where_everybody_begins():
    a_district()

    assert Client().get("/").headers["Location"] == "/cremasco/"


def test_an_unknown_district_does_not_exist():
    a_district()

    assert Client().get("/milanese/").status_code == 404


def test_the_home_page_leads_to_the_offers_of_a_place():
    a_municipality(), a_kind()

    answer = get("search", servizio="stireria", comune="offanengo")

    assert answer.headers["Location"] == "/cremasco/servizi/stireria/?comune=offanengo"


def test_a_search_without_a_place_says_what_to_do_beside_the_field():
    a_kind()

    answer = get("search", servizio="stireria", comune="")

    assert answer.status_code == 422
    assert "Scegli dove: casa tua, o dove lavori." in answer.content.decode()


def test_offers_come_by_first_free_time_with_the_price_for_the_quantity_asked():
    later = a_slot_from_now(of=a_listing("Lenzuola", price=4_00), days=9).listing
    sooner = a_slot_from_now(of=a_listing("Camicie", price=5_00), days=3).listing
    found_by_search()

    page = (
        get("kind", "stireria", comune="offanengo", quanto="6")
        .content.decode()
        .replace("\N{NO-BREAK SPACE}", " ")
    )

    assert page.index(sooner.slug) < page.index(later.slug)
    assert "30,00 €" in page
    assert "24,00 €" in page


def test_a_place_that_nobody_serves_is_told_the_way_on():
    a_slot_from_now()
    a_municipality("Soncino")
    found_by_search()

    page = get("kind", "stireria", comune="soncino").content.decode()

    assert "Guarda tutto l&#x27;Ambito" in page or "Guarda tutto l'Ambito" in page


def test_a_stranger_is_shown_prices_without_a_session_and_without_a_look_at_users(django_assert_num_queries):
    slot = a_slot_from_now()
    # the page's version, district, listing, tiers, photos; first time and days: nothing of a user
    with django_assert_num_queries(7):
        answer = get("listing", slot.listing.slug)

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("many", [1, 30])
def test_the_offers_page_costs_the_same_queries_however_many_there_are(django_assert_num_queries, many):
    for number in range(many):
        a_slot_from_now(of=a_listing(f"Annuncio {number}", by=a_cooperative(f"Coop{number % 6}")))
    found_by_search()

    with django_assert_num_queries(8):
        get("kind", "stireria")


def test_a_kept_time_is_in_the_basket_until_a_clock_time():
    visitor = a_visitor_with_a_basket()

    page = get("basket", client=visitor).content.decode()

    assert "Tenuto per te fino alle" in page
    assert "Girasole" in page
    assert "Papavero" in page


def test_a_place_that_the_cooperative_does_not_reach_is_told_on_its_page_with_the_way_on():
    slot = a_slot_from_now()
    a_municipality("Soncino")

    page = get("listing", slot.listing.slug, comune="soncino").content.decode()

    assert "Girasole non arriva a Soncino." in page
    assert "/cremasco/servizi/stireria/?comune=soncino" in page


def test_a_quantity_below_the_minimum_is_told_beside_the_field_and_keeps_what_was_typed():
    slot = a_slot_from_now()

    answer = Client().post(
        reverse("storefront:listing", args=["cremasco", slot.listing.slug]),
        {"quanto": "2,5", "orario": slot.pk},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Qui il minimo è 4 kg. Scegli 4 kg o più." in page
    assert 'value="2,5"' in page
    assert not SlotHold.objects.exists()


@pytest.mark.parametrize("typed", ["", "molti", "-6", "NaN", "1e9", "6,0001", "٦" * 400])
def test_a_quantity_that_is_none_is_told_in_words_and_nothing_is_kept(typed):
    slot = a_slot_from_now()

    answer = Client().post(
        reverse("storefront:listing", args=["cremasco", slot.listing.slug]),
        {"quanto": typed, "orario": slot.pk},
    )

    assert answer.status_code == 422
    assert not SlotHold.objects.exists()


def test_another_listings_time_cannot_be_kept_here():
    slot, other = a_slot_from_now(), a_slot_from_now(of=a_listing("Altro"))

    answer = Client().post(
        reverse("storefront:listing", args=["cremasco", slot.listing.slug]),
        {"quanto": "6", "orario": other.pk},
    )

    assert answer.status_code == 422
    assert not SlotHold.objects.exists()


def test_the_last_place_gone_is_told_at_the_times_and_nothing_typed_is_lost():
    slot = a_slot_from_now(places=1)
    a_visitor_with_a_basket(slot)

    answer = Client().post(
        reverse("storefront:listing", args=["cremasco", slot.listing.slug]),
        {"quanto": "6,5", "orario": slot.pk},
    )

    assert answer.status_code == 422
    assert "appena andato via" in answer.content.decode()
    assert 'value="6,5"' in answer.content.decode()


def test_what_is_taken_out_is_free_for_others_at_once():
    slot = a_slot_from_now(places=1)
    visitor = a_visitor_with_a_basket(slot)
    code = Booking.objects.get().code

    visitor.post(reverse("storefront:drop", args=["cremasco", code]))

    slot.refresh_from_db()
    assert slot.taken == 0
    assert "carrello" in get("basket", client=visitor).content.decode()


def test_nobody_takes_anything_out_of_anothers_basket():
    slot = a_slot_from_now()
    a_visitor_with_a_basket(slot)
    code = Booking.objects.get().code

    answer = Client().post(reverse("storefront:drop", args=["cremasco", code]))

    slot.refresh_from_db()
    assert (answer.status_code, slot.taken) == (404, 1)


def test_a_lapsed_time_can_be_kept_again_while_it_is_free():
    slot = a_slot_from_now(places=1)
    visitor = a_visitor_with_a_basket(slot)
    SlotHold.objects.update(until=timezone.now())
    assert "Non più tenuto" in get("basket", client=visitor).content.decode()

    visitor.post(reverse("storefront:keep_longer", args=["cremasco"]))

    assert "Tenuto per te fino alle" in get("basket", client=visitor).content.decode()
    assert Slot.objects.get().taken == 1


def test_a_checkout_with_errors_says_each_beside_its_field_and_loses_nothing():
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor, phone="non ce l'ho", street="", name="Ànna D'Ò")

    answer = visitor.post(address, form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Un numero di telefono ha da 6 a 15 cifre" in page
    assert "Scrivi via e numero: dove devono venire?" in page
    assert "Ànna D&#x27;Ò" in page
    assert Booking.objects.filter(state=Booking.State.KEPT).count() == 2


def test_the_early_start_is_asked_for_when_the_service_begins_within_fourteen_days():
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)
    del form["early_start"]

    answer = visitor.post(address, form)

    assert answer.status_code == 422
    assert "Il servizio inizia entro 14 giorni" in answer.content.decode()


def test_the_early_start_is_not_asked_for_later_services():
    visitor = a_visitor_with_a_basket(a_slot_from_now(days=20))

    page = get("checkout", client=visitor).content.decode()

    assert "early_start" not in page


def test_a_changed_price_is_told_line_by_line_and_the_next_click_confirms_what_is_shown_now(sandbox):
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)
    listing = Booking.objects.order_by("pk").first().listing
    type(listing).objects.filter(pk=listing.pk).update(unit_price_cents=5_00)

    told = visitor.post(address, form)

    page = told.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert told.status_code == 422
    assert "Camicie: 30,00 €, prima 29,40 €." in page
    assert "Anna Prova" in page

    _, again = a_filled_in_checkout(visitor)
    assert visitor.post(address, again).status_code == 303


def test_a_forged_quote_counts_as_nothing_shown():
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor, shown="forged")

    answer = visitor.post(address, form)

    assert answer.status_code == 422
    assert Booking.objects.filter(state=Booking.State.PLACED).count() == 0


def test_without_an_answer_from_the_bank_nothing_is_charged_and_the_family_can_try_again(settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    visitor = a_visitor_with_a_basket()
    address, form = a_filled_in_checkout(visitor)

    page = visitor.post(address, form, follow=True).content.decode()

    assert "La pagina di pagamento non risponde" in page
    assert "Nessun addebito" in page
    assert "Riprova" in page


@pytest.mark.parametrize("token", ["x", "ABCDEFGHJK~forged", "ABCDEFGHJK"])
def test_a_forged_link_opens_nothing(token):
    a_district()

    assert get("purchase", token).status_code == 404


def test_my_bookings_ask_a_stranger_to_sign_in():
    a_district()

    assert "/accedi/" in get("my_bookings").headers["Location"]


def test_my_bookings_are_empty_in_words_at_first():
    a_district()
    client = Client()
    client.force_login(a_user())

    assert (
        "Con questo account non hai ancora prenotato nulla."
        in get("my_bookings", client=client).content.decode()
    )


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "withdrawal"])
def test_the_pages_of_words_are_there(name):
    a_district()

    assert get(name).status_code == 200


def test_english_is_complete_on_the_way_to_the_basket():
    slot = a_slot_from_now()
    client = Client(headers={"accept-language": "en"})

    page = get("listing", slot.listing.slug, client=client).content.decode()

    assert '<html lang="en">' in page
    assert "Keep this time" in page
