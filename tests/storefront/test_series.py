"""A weekly series through the front door, as a browser without JavaScript walks it."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from checkout.models import Booking
from kernel.clock import ROME, day_in_words, rome_date
from providers.models import Slot, SlotHold
from tests.builders import a_listing
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket, hidden_fields
from tests.providers.calendars import a_closure

pytestmark = pytest.mark.django_db


def weeks(many: int, *, places: int = 3) -> list[Slot]:
    """Slots at one hour on the wall, whatever the clocks do in the weeks that really come."""
    listing = a_listing()
    start = datetime.combine(rome_date(timezone.now()) + timedelta(days=3), datetime.min.time()).replace(
        hour=9
    )
    moments = [(start + timedelta(days=7 * n)).replace(tzinfo=ROME).astimezone(UTC) for n in range(many)]
    return [
        Slot.objects.create(listing=listing, period=Range(m, m + timedelta(hours=2)), capacity=places)
        for m in moments
    ]


def day_of(slot: Slot) -> date:
    return rome_date(slot.starts_at)


def field(slot: Slot) -> str:
    return f"g-{day_of(slot).isoformat()}"


def begin(slot: Slot, times: int, *, client: Client) -> str:
    """From the listing's page to that of the series; return its address."""
    listing = reverse("storefront:listing", args=["cremasco", slot.listing.slug])
    answer = client.post(listing, {"quanto": "6", "orario": slot.pk, "volte": times})
    assert answer.status_code == 302
    return answer.headers["Location"]


def words(answer) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode())).replace("\N{NO-BREAK SPACE}", " ")


def send(client: Client, address: str, chosen: dict[str, object], *, shown: int | None = None, **more):
    number = sum(str(value).isdecimal() for value in chosen.values())
    return client.post(address, {"mostrati": number if shown is None else shown, **chosen, **more})


def test_every_free_date_is_ticked_as_was_asked_with_the_total_and_nothing_is_kept_yet():
    slots = weeks(5)

    shown = words(Client().get(begin(slots[0], 5, client=Client())))

    assert shown.count("checked") == 5
    for slot in slots:
        assert f"{day_in_words(day_of(slot))}, 9:00–11:00 <small>libero</small>" in shown
    assert "147,00 €" in shown
    assert "per 5 orari, 29,40 € l'uno" in shown
    assert "Tieni questi 5 orari" in shown
    assert not SlotHold.objects.exists()


def test_a_series_is_kept_and_stands_together_in_the_basket():
    slots = weeks(5)
    family = Client()
    address = begin(slots[0], 5, client=family)

    answer = send(family, address, {field(slot): slot.pk for slot in slots})

    assert answer.headers["Location"] == reverse("storefront:basket", args=["cremasco"])
    shown = words(family.get(answer.headers["Location"]))
    assert "5 orari da 6 kg" in shown
    assert "Togli tutta la serie" in shown
    assert "147,00 €" in shown


def test_a_date_without_a_place_asks_for_another_time_or_to_be_skipped():
    slots = weeks(3, places=1)
    a_visitor_with_a_basket(slots[1])
    near = Slot.objects.create(
        listing=slots[0].listing,
        period=Range(slots[1].starts_at + timedelta(days=2), slots[1].ends_at + timedelta(days=2)),
        capacity=1,
    )
    family = Client()
    address = begin(slots[0], 3, client=family)
    shown = words(family.get(address))
    assert f"{day_in_words(day_of(slots[1]))}: non c'è posto" in shown
    assert "invece" in shown
    chosen = {field(slots[0]): slots[0].pk, field(slots[2]): slots[2].pk}

    unanswered = send(family, address, chosen)

    assert unanswered.status_code == 422
    assert "Per questo giorno scegli un altro orario, o saltalo." in words(unanswered)
    assert words(unanswered).count("checked") == 2
    assert Booking.objects.count() == 1

    assert send(family, address, {**chosen, field(slots[1]): near.pk}).status_code == 302
    assert set(Booking.objects.exclude(series="").values_list("slot_hold__slot", flat=True)) == {
        slots[0].pk,
        near.pk,
        slots[2].pk,
    }


def test_a_date_may_be_skipped():
    slots = weeks(3, places=1)
    a_visitor_with_a_basket(slots[1])
    a_slot_from_now(of=slots[0].listing, days=12)
    family = Client()
    address = begin(slots[0], 3, client=family)

    chosen = {field(slots[0]): slots[0].pk, field(slots[1]): "salta", field(slots[2]): slots[2].pk}
    assert send(family, address, chosen).status_code == 302

    assert Booking.objects.exclude(series="").count() == 2


def test_a_time_gone_while_choosing_keeps_none_and_says_for_which_date():
    slots = weeks(3, places=1)
    family = Client()
    address = begin(slots[0], 3, client=family)
    a_visitor_with_a_basket(slots[1])

    answer = send(family, address, {field(slot): slot.pk for slot in slots})

    shown = words(answer)
    assert answer.status_code == 422
    assert "L'orario che volevi è andato via. Scegli di nuovo per questo giorno." in shown
    assert f"{day_in_words(day_of(slots[1]))}: non c'è posto" in shown
    assert shown.count("checked") == 2
    assert Booking.objects.count() == 1
    # There is nothing near that date, so the next click keeps the other two.
    again = {field(slots[0]): slots[0].pk, field(slots[2]): slots[2].pk}
    assert send(family, address, again).status_code == 302


def test_a_button_that_named_another_number_asks_first():
    slots = weeks(4)
    family = Client()
    address = begin(slots[0], 4, client=family)
    chosen = {field(slot): slot.pk for slot in slots[:3]}

    told = send(family, address, chosen, shown=4)

    assert told.status_code == 200
    assert "Hai cambiato le date: adesso sono 3 orari, 88,20 €." in words(told)
    assert not SlotHold.objects.exists()
    assert hidden_fields(told.content.decode())["mostrati"] == "3"
    assert send(family, address, chosen).status_code == 302


def test_the_total_is_worked_out_anew_on_request_and_by_htmx_alone():
    slots = weeks(4)
    family = Client()
    address = begin(slots[0], 4, client=family)
    chosen = {field(slots[0]): slots[0].pk, "azione": "conta"}

    whole = words(family.post(address, chosen))
    part = words(family.post(address, chosen, headers={"hx-request": "true"}))

    assert "per 1 orario, 29,40 €" in whole
    assert whole.count("checked") == 1
    assert "<html" in whole
    assert "<html" not in part
    assert "Tieni questo 1 orario" in part
    assert not SlotHold.objects.exists()


def test_no_date_at_all_is_told():
    slots = weeks(2)
    family = Client()

    answer = send(family, begin(slots[0], 2, client=family), {})

    assert answer.status_code == 422
    assert "Scegli almeno un orario." in words(answer)


def test_a_closed_day_and_the_end_of_the_calendar_are_told_in_words():
    slots = weeks(3)
    Slot.objects.filter(pk=slots[1].pk).shut(timezone.now())
    a_closure(day_of(slots[1]))

    shown = words(Client().get(begin(slots[0], 4, client=Client())))

    assert f"{day_in_words(day_of(slots[1]))}: la cooperativa è chiusa" in shown
    assert f"il calendario finisce prima, {day_in_words(day_of(slots[2]))}" in shown
    assert f"Il calendario di Girasole arriva fino a {day_in_words(day_of(slots[2]))}." in shown
    assert "Non c'è un altro orario vicino: questa volta si salta." in shown


def test_with_what_the_basket_keeps_already_it_may_be_too_much_and_none_is_kept():
    slots = weeks(8)
    family = a_visitor_with_a_basket(a_slot_from_now(of=a_listing("Altro")))

    answer = send(family, begin(slots[0], 8, client=family), {field(slot): slot.pk for slot in slots})

    assert answer.status_code == 422
    assert "Tieni già molti orari." in words(answer)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("forged", ["999999999", "9" * 19, "-1", "x", "٦"])
def test_a_forged_choice_keeps_nothing(forged):
    slots = weeks(2)
    a_slot_from_now(of=a_listing("Altro"))
    family = Client()

    answer = send(family, begin(slots[0], 2, client=family), {field(slots[0]): forged}, shown=0)

    assert answer.status_code == 422
    assert not SlotHold.objects.exists()


@pytest.mark.parametrize("changed", ["volte=9", "volte=1", "orario=0", "quanto=1", "orario=", "quanto=x"])
def test_an_address_that_is_no_series_leads_back_to_the_listing(changed):
    slots = weeks(2)
    address = begin(slots[0], 2, client=Client())
    name = changed.split("=")[0]

    answer = Client().get(re.sub(rf"{name}=\d+", changed, address))

    assert answer.headers["Location"] == reverse(
        "storefront:listing", args=["cremasco", slots[0].listing.slug]
    )


def test_a_quantity_or_a_time_that_cannot_be_is_told_on_the_listing_before_any_dates():
    slots = weeks(2)
    listing = reverse("storefront:listing", args=["cremasco", slots[0].listing.slug])

    small = Client().post(listing, {"quanto": "2", "orario": slots[0].pk, "volte": "2"})
    other = Client().post(
        listing, {"quanto": "6", "orario": a_slot_from_now(of=a_listing("B")).pk, "volte": "2"}
    )

    assert (small.status_code, other.status_code) == (422, 422)
    assert "Qui il minimo è 4 kg." in words(small)
    assert '<option value="2" selected>' in words(small)


@pytest.mark.parametrize("many", [5, 500])
def test_the_page_asks_the_database_the_same_however_many_times_there_are(many):
    slots = weeks(8)
    start = slots[0].ends_at
    Slot.objects.bulk_create(
        (
            Slot(
                listing=slots[0].listing,
                period=Range(start + timedelta(hours=2 * n), start + timedelta(hours=2 * n + 1)),
                capacity=2,
            )
            for n in range(many)
        ),
        ignore_conflicts=True,
    )
    address = begin(slots[0], 8, client=Client())

    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200

    assert len(captured) == 8
