"""The basket: until when, longer, retaken, taken out, put back."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checkout.models import Booking
from kernel.clock import hour_in_words
from providers.models import Slot, SlotHold
from tests.builders import a_listing
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket
from tests.storefront.test_series import begin, field, send, weeks

pytestmark = pytest.mark.django_db

BASKET = ["cremasco"]


def words(answer) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def basket(client: Client) -> str:
    return words(client.get(reverse("storefront:basket", args=BASKET)))


def time_left(client: Client, **query: str):
    return client.get(reverse("storefront:time_left", args=BASKET), query)


def ends_in(**span: int) -> None:
    SlotHold.objects.filter(state="kept").update(until=timezone.now() + timedelta(**span))


def a_family_with_a_series(many: int = 3, *, places: int = 3) -> Client:
    slots = weeks(many, places=places)
    family = Client()
    assert (
        send(family, begin(slots[0], many, client=family), {field(s): s.pk for s in slots}).status_code == 302
    )
    return family


def test_the_time_is_a_clock_time_and_fifteen_minutes_more_are_one_click():
    family = a_visitor_with_a_basket(a_slot_from_now())
    ends_in(minutes=5)
    soon = hour_in_words(SlotHold.objects.get().until)
    assert f"Tenuto per te fino alle {soon}." in basket(family)

    family.post(reverse("storefront:keep_longer", args=BASKET))

    later = hour_in_words(SlotHold.objects.get().until)
    assert later != soon
    assert f"Tenuto per te fino alle {later}." in basket(family)


def test_the_warning_comes_two_minutes_before_and_is_said_aloud_once():
    family = a_visitor_with_a_basket(a_slot_from_now())
    assert 'role="alert"' not in words(time_left(family))

    ends_in(seconds=100)
    first = words(time_left(family))
    stamp = re.search(r"avvisato=(\d+)", first)[1]
    second = words(time_left(family, avvisato=stamp))

    assert 'role="alert"' in first
    assert "mancano meno di due minuti" in first
    assert 'role="alert"' not in second
    assert "mancano meno di due minuti" in second
    family.post(reverse("storefront:keep_longer", args=BASKET))
    ends_in(seconds=90)
    assert 'role="alert"' in words(time_left(family, avvisato=stamp))


def test_asking_stops_when_nothing_is_kept_and_the_way_on_is_told():
    family = a_visitor_with_a_basket(a_slot_from_now())
    assert time_left(family).status_code == 200
    ends_in(seconds=-1)

    answer = time_left(family)

    assert answer.status_code == 286
    assert "hx-get" not in words(answer)
    assert "I 15 minuti sono passati." in words(answer)
    assert time_left(Client()).status_code == 286


def test_lapsed_times_are_taken_again_one_by_one_or_all():
    family = a_visitor_with_a_basket(
        *(a_slot_from_now(of=a_listing(f"Annuncio {n}"), days=3 + n) for n in range(3))
    )
    ends_in(seconds=-1)
    assert basket(family).count("Riprendilo<") == 3
    codes = list(Booking.objects.order_by("pk").values_list("code", flat=True))
    longer = reverse("storefront:keep_longer", args=BASKET)

    family.post(longer, {"codice": codes[1]})

    now = timezone.now()
    kept = [b.code for b in Booking.objects.select_related("slot_hold") if b.slot_hold.is_kept(now)]
    assert kept == [codes[1]]

    family.post(longer, {"codice": [codes[0], codes[2]]})
    assert all(b.slot_hold.is_kept(now) for b in Booking.objects.select_related("slot_hold"))


def test_what_was_taken_out_is_put_back_by_one_click_while_it_is_free():
    slot = a_slot_from_now(places=1)
    family = a_visitor_with_a_basket(slot)
    code = Booking.objects.get().code

    shown = words(family.post(reverse("storefront:drop", args=[*BASKET, code]), follow=True))
    assert "Tolto: Camicie e misto. L'orario è di nuovo libero." in shown
    assert "Rimetti" in shown
    back = family.post(reverse("storefront:put_back", args=BASKET), {"codice": code}, follow=True)

    assert "Di nuovo nel carrello: 1 orario." in words(back)
    slot.refresh_from_db()
    assert slot.taken == 1
    assert "Rimetti" not in basket(family)


def test_what_somebody_else_took_meanwhile_is_told_in_words():
    slot = a_slot_from_now(places=1)
    family = a_visitor_with_a_basket(slot)
    code = Booking.objects.get().code
    family.post(reverse("storefront:drop", args=[*BASKET, code]))
    a_visitor_with_a_basket(slot)

    back = family.post(reverse("storefront:put_back", args=BASKET), {"codice": code}, follow=True)

    assert "appena andato via" in words(back)
    assert SlotHold.objects.filter(state="kept").count() == 1


def test_a_stranger_puts_nothing_of_anothers_back():
    family = a_visitor_with_a_basket(a_slot_from_now())
    code = Booking.objects.get().code
    family.post(reverse("storefront:drop", args=[*BASKET, code]))
    stranger = a_visitor_with_a_basket(a_slot_from_now(of=a_listing("Altro")))

    shown = stranger.get(reverse("storefront:basket", args=BASKET), {"tolti": code})
    stranger.post(reverse("storefront:put_back", args=BASKET), {"codice": code})

    assert "Rimetti" not in words(shown)
    assert Booking.objects.get(code=code).state == Booking.State.DROPPED
    assert "Rimetti" not in words(Client().get(reverse("storefront:basket", args=BASKET), {"tolti": code}))


def test_a_whole_series_is_taken_out_and_put_back_together():
    family = a_family_with_a_series(3)
    series = Booking.objects.first().series

    shown = words(family.post(reverse("storefront:drop_series", args=[*BASKET, series]), follow=True))
    assert "Tolti: Camicie e misto, 3 orari. Sono di nuovo liberi." in shown
    assert not Slot.objects.filter(taken__gt=0).exists()

    codes = re.findall(r'name="codice" value="(\w+)"', shown)
    back = family.post(reverse("storefront:put_back", args=BASKET), {"codice": codes}, follow=True)

    assert "Di nuovo nel carrello: 3 orari." in words(back)
    assert "Togli tutta la serie" in basket(family)


def test_nobody_takes_anothers_series_out():
    a_family_with_a_series(2)
    stranger = a_visitor_with_a_basket(a_slot_from_now(of=a_listing("Altro")))
    series = Booking.objects.exclude(series="").first().series

    answer = stranger.post(reverse("storefront:drop_series", args=[*BASKET, series]))

    assert answer.status_code == 404
    assert Booking.objects.filter(state=Booking.State.KEPT).count() == 3


@pytest.mark.parametrize("many", [2, 8])
@pytest.mark.parametrize(("name", "queries"), [("basket", 6), ("time_left", 5)])
def test_a_series_costs_the_basket_the_same_queries_however_long_it_is(name, queries, many):
    family = a_family_with_a_series(many)
    address = reverse(f"storefront:{name}", args=BASKET)

    with CaptureQueriesContext(connection) as captured:
        assert family.get(address).status_code == 200

    assert len(captured) == queries
