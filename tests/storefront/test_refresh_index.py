"""What search reads follows the listings, and a refresh that finds nothing new writes nothing."""

from datetime import timedelta

import pytest

from catalogue.models import Listing
from providers.models import Slot
from storefront.models import IndexedOffer, KnownWord, OfferTally, OfferWords
from storefront.refresh_index import Refreshed, refresh_index
from tests.builders import NOW, a_listing, a_municipality, a_slot
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def test_a_second_refresh_writes_nothing():
    a_slot()

    first = refresh_index(now=NOW)

    assert first == Refreshed(written=1, dropped=0, said=1, retimed=1)
    assert refresh_index(now=NOW) == Refreshed(0, 0, 0, 0)


def test_an_offer_is_brought_up_in_just_what_changed():
    slot = a_slot()
    refresh_index(now=NOW)

    Slot.objects.filter(pk=slot.pk).update(taken=3)
    assert refresh_index(now=NOW) == Refreshed(written=0, dropped=0, said=0, retimed=1)
    assert IndexedOffer.objects.get().first_free_at is None

    Listing.objects.update(description="Con appretto")
    assert refresh_index(now=NOW) == Refreshed(written=0, dropped=0, said=1, retimed=0)
    assert KnownWord.objects.filter(word="appretto").exists()

    Listing.objects.update(unit_price_cents=5_50)
    assert refresh_index(now=NOW) == Refreshed(written=1, dropped=0, said=0, retimed=0)
    assert OfferTally.objects.get(municipality=None).from_cents == 5_50


def test_a_paused_listing_leaves_and_its_words_and_counts_with_it():
    listing = a_slot(of=a_listing("Appretto")).listing
    refresh_index(now=NOW)

    Listing.objects.filter(pk=listing.pk).update(state="paused")
    refresh_index(now=NOW)

    assert not IndexedOffer.objects.exists()
    assert not OfferTally.objects.exists()
    assert not KnownWord.objects.filter(word="appretto").exists()


def test_only_the_named_listings_are_looked_at():
    one, other = a_slot().listing, a_slot(of=a_listing("Altro")).listing
    refresh_index(now=NOW)
    Listing.objects.update(unit_price_cents=7_00)

    refresh_index(now=NOW, listing_ids=[one.pk])

    prices = dict(IndexedOffer.objects.values_list("listing", "unit_price_cents"))
    assert prices == {one.pk: 7_00, other.pk: 4_90}


def test_a_time_too_near_to_be_kept_is_not_the_first_free_one():
    listing = a_listing()  # 24 hours before
    a_slot(of=listing, starts_in=timedelta(hours=23))
    a_slot(of=listing, starts_in=timedelta(hours=30))

    refresh_index(now=NOW)

    assert IndexedOffer.objects.get().first_free_at == NOW + timedelta(hours=30)


def test_days_are_those_on_romes_wall():
    a_slot(starts_in=timedelta(days=3, hours=14, minutes=30))  # 23:30 UTC, half past midnight in Rome

    refresh_index(now=NOW)

    assert [day.isoformat() for day in IndexedOffer.objects.get().free_days] == ["2026-11-26"]


@pytest.mark.django_db(transaction=True)
def test_two_refreshes_at_once_leave_what_one_would():
    a_municipality("Crema")
    for number in range(20):
        a_slot(of=a_listing(f"Annuncio {number}"))

    results = at_once(4, lambda _: refresh_index(now=NOW))

    assert sorted(result.written for result in results) == [0, 0, 0, 20]
    assert IndexedOffer.objects.count() == 20


def test_what_was_lost_is_made_again():
    a_slot()
    refresh_index(now=NOW)
    for derived in (OfferWords, IndexedOffer, OfferTally, KnownWord):
        derived.objects.all().delete()

    refresh_index(now=NOW)

    assert OfferWords.objects.get().title_it
    assert OfferTally.objects.count() == 2
    assert KnownWord.objects.exists()


def test_many_listings_are_taken_part_by_part_and_none_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storefront.refresh_index.AT_ONCE", 3)
    for number in range(8):
        a_slot(of=a_listing(f"Annuncio {number}"))

    assert refresh_index(now=NOW) == Refreshed(written=8, dropped=0, said=8, retimed=8)
    assert OfferTally.objects.get(municipality=None).offers == 8


def test_a_shop_with_nothing_on_sale_has_nothing_to_refresh():
    assert refresh_index(now=NOW) == Refreshed()
