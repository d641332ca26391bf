"""Choosing a time: one radio group, the first free one first, other days a week at a time, nothing preselected."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from catalogue.models import Listing
from checkout.models import Booking
from kernel.clock import day_in_words, rome_date, rome_midnight
from people.network import address_behind
from providers.models import Slot, SlotHold
from tests.builders import a_kind, a_listing, a_user
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket

pytestmark = pytest.mark.django_db


def address_of(slot: Slot) -> str:
    return reverse("storefront:listing", args=["cremasco", slot.listing.slug])


def page(slot: Slot, *, client: Client | None = None, **query: str) -> str:
    return words((client or Client()).get(address_of(slot), query))


def words(answer) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def times(text: str) -> list[int]:
    """The slots that can be chosen, in the order of the page."""
    return [
        int(value)
        for value in re.findall(r'<input type="radio" name="orario" id="[^"]*" value="(\d+)"', text)
    ]


def days_of(slot: Slot, many: int) -> list[Slot]:
    return [slot, *(a_slot_from_now(of=slot.listing, days=3 + n) for n in range(1, many))]


def test_the_first_free_time_comes_first_and_once_and_nothing_is_chosen_for_anybody():
    first, second = days_of(a_slot_from_now(), 2)

    shown = page(first)

    assert times(shown) == [first.pk, second.pk]
    assert "Primo libero:" in shown
    assert "primo libero: è in alto" in shown
    assert "checked" not in shown


def test_full_and_too_near_times_of_the_days_shown_are_text():
    listing = a_listing()
    morning = rome_midnight(rome_date(timezone.now()) + timedelta(days=5))
    near, free, full = (
        Slot.objects.create(
            listing=listing,
            period=Range(morning + timedelta(hours=hour), morning + timedelta(hours=hour + 2)),
            capacity=2,
            taken=taken,
        )
        for hour, taken in ((9, 0), (11, 0), (14, 2))
    )
    lead = int((near.starts_at - timezone.now()).total_seconds() // 3600) + 1
    Listing.objects.filter(pk=listing.pk).update(lead_time_hours=lead)

    shown = page(free)

    assert times(shown) == [free.pk]
    assert "9:00–11:00, troppo vicino per prenotare" in shown
    assert "14:00–16:00, completo" in shown
    assert not {str(near.pk), str(full.pk)} & set(re.findall(r'id="slot-(\d+)"', shown))


def test_three_days_are_seen_at_once_and_the_rest_on_demand_without_javascript():
    slots = days_of(a_slot_from_now(), 5)

    at_once, on_demand = page(slots[0]).rsplit("<details>", 1)

    assert times(at_once) == [slot.pk for slot in slots[:3]]
    assert times(on_demand) == [slot.pk for slot in slots[3:]]


def test_a_day_without_a_free_place_does_not_count_among_the_three():
    slots = days_of(a_slot_from_now(), 5)
    Slot.objects.filter(pk=slots[1].pk).update(taken=3)

    at_once, on_demand = page(slots[0]).rsplit("<details>", 1)

    assert times(at_once) == [slots[0].pk, slots[2].pk, slots[3].pk]
    assert times(on_demand) == [slots[4].pk]


def test_later_days_come_seven_at_a_time_at_their_heading_and_what_was_typed_stays():
    slots = days_of(a_slot_from_now(), 12)
    eighth = rome_date(slots[7].starts_at)
    shown = page(slots[0])
    assert times(shown) == [slot.pk for slot in slots[:7]]
    assert f"Altri giorni, da {day_in_words(eighth)}" in shown
    assert f'formaction="{address_of(slots[0])}#giorno-{eighth:%Y%m%d}"' in shown

    answer = Client().post(
        address_of(slots[0]), {"quanto": "6,5", "orario": slots[2].pk, "volte": "3", "da": eighth.isoformat()}
    )

    shown = words(answer)
    assert answer.status_code == 200
    assert times(shown) == [slots[2].pk, slots[0].pk, *(slot.pk for slot in slots[7:])]
    assert f'id="giorno-{eighth:%Y%m%d}" tabindex="-1"' in shown
    assert 'value="6,5"' in shown
    assert '<option value="3" selected>' in shown
    assert "La tua scelta:" in shown
    assert f'value="{slots[2].pk}" checked' in shown
    assert not SlotHold.objects.exists()


@pytest.mark.parametrize("asked", ["", "domani", "1999-01-01", "9999-12-31", "2026-02-31"])
def test_a_day_that_makes_no_sense_shows_what_there_is(asked):
    slot = a_slot_from_now()

    answer = Client().get(address_of(slot), {"da": asked})

    assert answer.status_code == 200
    assert times(words(answer)) == [slot.pk]


def test_a_slot_that_was_shut_is_not_shown_at_all():
    free, shut = days_of(a_slot_from_now(), 2)
    Slot.objects.filter(pk=shut.pk).update(taken=1)
    Slot.objects.filter(pk=shut.pk).shut(timezone.now())

    assert "completo" not in page(free)


def a_class(*, places: int, days: int = 3) -> Slot:
    listing = a_listing("Ginnastica", kind=a_kind("corsi", "place"))
    Listing.objects.filter(pk=listing.pk).update(minimum_milli=1000, maximum_milli=4000, step_milli=1000)
    return a_slot_from_now(of=Listing.objects.get(pk=listing.pk), places=places, days=days)


def test_a_family_of_three_is_led_to_the_first_time_with_three_places():
    few = a_class(places=2)
    enough = a_slot_from_now(of=few.listing, places=3, days=5)
    a_slot_from_now(of=few.listing, places=2, days=6)

    shown = page(few, quanto="3")

    assert times(shown)[0] == enough.pk
    assert "2 posti, ne chiedi 3" in shown


def test_fewer_hours_than_a_time_lasts_are_explained():
    slot = a_slot_from_now(of=a_listing(kind=a_kind("babysitting", "hour")))

    assert "la cooperativa si accorda con te sull'ora d'inizio" in page(slot)
    assert "sull'ora d'inizio" not in page(a_slot_from_now())


def test_the_same_time_twice_is_asked_and_kept_twice_by_a_tick():
    slot = a_slot_from_now()
    visitor = a_visitor_with_a_basket(slot)
    wish = {"quanto": "6", "orario": slot.pk}

    asked = visitor.post(address_of(slot), wish)

    assert asked.status_code == 422
    assert "Hai già questo orario nel carrello. Lo vuoi due volte?" in words(asked)
    assert "Sì, lo voglio due volte" in words(asked)
    assert f'value="{slot.pk}" checked' in words(asked)
    assert Booking.objects.count() == 1

    assert visitor.post(address_of(slot), {**wish, "due_volte": "on"}).status_code == 302
    assert Booking.objects.count() == 2


def test_the_question_is_not_asked_before_it_matters():
    assert "due volte" not in page(a_slot_from_now())


def test_one_network_is_told_kindly_and_nothing_is_kept():
    slot = a_slot_from_now(places=6)
    for _ in range(2):
        a_visitor_with_a_basket(slot)

    answer = Client().post(address_of(slot), {"quanto": "6", "orario": slot.pk})

    assert answer.status_code == 422
    assert "Da questa rete sono tenuti già molti orari." in words(answer)
    assert SlotHold.objects.count() == 2
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.post(address_of(slot), {"quanto": "6", "orario": slot.pk}).status_code == 302


def test_every_way_of_keeping_says_where_it_comes_from_and_who_signed_in(rf):
    slot = a_slot_from_now()
    user = a_user()
    client = Client()
    client.force_login(user)
    here = {"person": f"user:{user.pk}", "address": address_behind(rf.get("/"))}

    client.post(address_of(slot), {"quanto": "6", "orario": slot.pk})
    assert SlotHold.objects.filter(**here).count() == 1

    SlotHold.objects.update(until=timezone.now())
    client.post(reverse("storefront:keep_longer", args=["cremasco"]))
    assert SlotHold.objects.filter(state="kept", **here).count() == 1

    code = Booking.objects.get().code
    client.post(reverse("storefront:drop", args=["cremasco", code]))
    assert not SlotHold.objects.filter(**here).exists()
    client.post(reverse("storefront:put_back", args=["cremasco"]), {"codice": code})
    assert SlotHold.objects.filter(state="kept", **here).count() == 1


@pytest.mark.parametrize("many", [5, 500])
def test_the_page_asks_the_database_the_same_however_many_times_there_are(many):
    first = a_slot_from_now()
    start = first.starts_at + timedelta(hours=3)
    Slot.objects.bulk_create(
        Slot(
            listing=first.listing,
            period=Range(start + timedelta(hours=2 * n), start + timedelta(hours=2 * n + 1)),
            capacity=2,
        )
        for n in range(many)
    )

    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address_of(first)).status_code == 200

    assert len(captured) == 7
    assert len(times(page(first))) <= 150
