"""A listing's page is kept for strangers, and never shows what is no longer so."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.clock import rome_date, rome_midnight
from providers.models import Slot
from storefront.listing_version import STATEMENT
from tests.builders import a_cooperative
from tests.front_door import a_slot_from_now
from tests.kept import (
    a_full_listing,
    a_stranger,
    address_of,
    change,
    is_kept,
    queries_of,
    shown,
    shown_afresh,
    without_token,
)

pytestmark = pytest.mark.django_db
IN_VERSION = set(re.findall(r"\b(?:FROM|JOIN) (\w+)", STATEMENT))
ASKED: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("?quanto=6", {"quanto": "stireria.6000"}),
    ("?comune=offanengo&quanto=4,5", {}),
    ("?comune=nowhere", {}),
    (f"?da={rome_date(timezone.now()) + timedelta(days=3)}", {}),
    ("", {"luogo": "offanengo"}),
    ("?comune=", {"luogo": "offanengo"}),
    ("", {"django_language": "en"}),
]


@pytest.mark.parametrize(("query", "cookies"), ASKED)
def test_a_kept_page_is_the_fresh_one_to_the_byte_and_to_the_header(query: str, cookies: dict[str, str]):
    address = address_of(a_full_listing(), query)
    first = a_stranger(**cookies).get(address)

    with CaptureQueriesContext(connection) as captured:
        kept = a_stranger(**cookies).get(address)
    queries = len(captured)

    fresh = a_stranger(**cookies, unknown="1").get(address)
    assert queries == 1
    assert without_token(first) == without_token(kept) == without_token(fresh)
    assert list(first.headers.items()) == list(kept.headers.items()) == list(fresh.headers.items())
    assert set(first.cookies) == set(kept.cookies) == set(fresh.cookies)
    for name, cookie in fresh.cookies.items():
        alike = {key: value for key, value in cookie.items() if key != "expires"}
        assert {key: kept.cookies[name][key] for key in alike} == alike
        if name != "csrftoken":
            assert kept.cookies[name].value == cookie.value


def tables_read(address: str, client: Client) -> set[str]:
    return set(re.findall(r'\b(?:FROM|JOIN) "?(\w+)"?', " ".join(queries_of(address, client))))


@pytest.mark.parametrize(("query", "cookies"), ASKED)
def test_every_table_that_the_page_reads_is_in_its_version(query: str, cookies: dict[str, str]):
    address = address_of(a_full_listing(), query)

    read = tables_read(address, a_stranger(**cookies, unknown="1"))

    assert {"listing_listing", "providers_slot", "listing_listingphoto", "territory_district"} <= read
    assert read <= IN_VERSION


def test_a_page_with_other_tables_would_be_noticed():
    a_full_listing()

    assert "storefront_indexedoffer" in tables_read("/cremasco/servizi/stireria/", a_stranger()) - IN_VERSION


A_NEW_TIER = """
INSERT INTO listing_pricetier (listing_id, from_people, unit_price_cents) SELECT id, 8, 400 FROM listing_listing
"""
A_NEW_SLOT = """
INSERT INTO providers_slot (listing_id, period, capacity, taken)
SELECT listing_id, tstzrange(max(upper(period)), max(upper(period)) + interval '1 hour'), 3, 0
FROM providers_slot GROUP BY listing_id
"""
CHANGES = [
    "UPDATE listing_listing SET unit_price_cents = 555",
    "UPDATE listing_listing SET title = 'Altro'",
    "UPDATE listing_listing SET description = 'Altre parole'",
    "UPDATE listing_listing SET includes = 'Il ferro'",
    "UPDATE listing_listing SET needs = 'Una presa'",
    "UPDATE listing_listing SET minimum_milli = 7000",
    "UPDATE listing_listing SET minimum_milli = 1000, maximum_milli = 2000, step_milli = 1000",
    "UPDATE listing_listing SET lead_time_hours = 60",
    "UPDATE listing_servicekind SET name_it = 'Altra stireria'",
    "UPDATE listing_servicekind SET slug = 'altra'",
    "UPDATE listing_servicekind SET unit = 'hour'",
    "UPDATE partner_partner SET name = 'Altra cooperativa'",
    "UPDATE partner_stockrecord SET partner_id = (SELECT min(id) FROM partner_partner)",
    "UPDATE providers_cooperative SET story = 'La nostra storia'",
    "UPDATE listing_listingphoto SET alt = 'Un gatto'",
    "UPDATE listing_listingphoto SET stem = repeat('a', 32)",
    "UPDATE listing_listingphoto SET widths = '{480}'",
    "UPDATE listing_listingphoto SET removed_at = now(), position = NULL",
    "UPDATE listing_pricetier SET unit_price_cents = 333",
    "UPDATE listing_pricetier SET from_people = 9",
    "DELETE FROM listing_pricetier",
    A_NEW_TIER,
    "UPDATE providers_slot SET taken = 1",
    "UPDATE providers_slot SET taken = capacity",
    "UPDATE providers_slot SET capacity = 9",
    "UPDATE providers_slot SET closed_at = now(), capacity = taken",
    "UPDATE providers_slot SET period = tstzrange(lower(period), upper(period) + interval '1 hour')",
    "UPDATE providers_slot SET period = tstzrange(lower(period) + interval '7 h', upper(period) + interval '7 h')",
    A_NEW_SLOT,
    "UPDATE territory_district SET name = 'Altro ambito'",
    "UPDATE territory_district SET phone = '0373 999 999'",
    "UPDATE territory_district SET email = 'altro@example.org'",
    "UPDATE territory_district SET legal_name = 'Ente di prova'",
    "UPDATE territory_district SET legal_seat = 'Via Altra 2'",
    "UPDATE territory_district SET desk_address = 'Via Altra 3'",
    "UPDATE territory_district SET tax_number = '00000000000'",
    "UPDATE territory_district SET accessibility_url = 'https://example.org/'",
    "UPDATE territory_municipality SET name = 'Altrove'",
    "UPDATE territory_municipality SET slug = 'altrove'",
    "DELETE FROM listing_listing_area",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_what_changes_behind_our_back_is_shown_by_the_next_answer(statement: str):
    a_cooperative("Papavero")
    address = address_of(a_full_listing(), "?comune=offanengo")
    before = shown(address)
    assert is_kept(address)

    change(statement)

    after = shown(address)
    assert after != before
    assert after == shown_afresh(address)
    assert is_kept(address)


@pytest.mark.parametrize("field", ["title_en", "description_en", "includes_en", "needs_en"])
def test_english_words_are_shown_as_soon_as_they_are_written(field: str):
    address = address_of(a_full_listing())
    change("UPDATE listing_listing SET includes = 'Il ferro', needs = 'Una presa', description = 'Stiro'")
    before = shown(address, django_language="en")

    change(f"UPDATE listing_listing SET {field} = 'English words'")

    assert "English words" in shown(address, django_language="en")
    assert "English words" not in before


def test_a_paused_listing_is_gone_at_once():
    address = address_of(a_full_listing())
    shown(address)

    change("UPDATE listing_listing SET state = 'paused'")

    assert a_stranger().get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_put_back_makes_a_new_page_all_the_same():
    address = address_of(a_full_listing())
    shown(address)

    change("UPDATE providers_slot SET taken = 1")
    change("UPDATE providers_slot SET taken = 0")

    assert not is_kept(address)


def test_a_time_that_is_too_near_now_is_no_longer_offered(monkeypatch):
    listing = a_full_listing()
    first = Slot.objects.order_by("period").first()
    assert first is not None
    before = shown(address_of(listing))
    assert f'id="slot-{first.pk}"' in before

    moment = first.starts_at - timedelta(hours=listing.lead_time_hours) + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: moment)

    after = shown(address_of(listing))
    assert f'id="slot-{first.pk}"' not in after
    assert after == shown_afresh(address_of(listing))


def test_after_midnight_in_rome_one_more_day_can_be_asked_for(monkeypatch):
    listing = a_full_listing()
    today = rome_date(timezone.now())
    edge = rome_midnight(today + timedelta(days=1))
    monkeypatch.setattr(timezone, "now", lambda: edge - timedelta(seconds=1))
    address = address_of(listing, f"?da={today + timedelta(days=90)}")
    shown(address)
    assert is_kept(address)

    monkeypatch.setattr(timezone, "now", lambda: edge)

    assert not is_kept(address)


def test_a_time_comes_into_the_look_ahead(monkeypatch):
    listing = a_full_listing()
    far = a_slot_from_now(of=listing, days=61)
    address = address_of(listing)
    before = shown(address)

    monkeypatch.setattr(timezone, "now", lambda: far.starts_at - timedelta(days=59))

    assert str(far.pk) in shown(address)
    assert shown(address) == shown_afresh(address) != before
