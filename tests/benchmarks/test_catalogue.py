from datetime import timedelta

import pytest
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from benchmarks.catalogue import fill
from benchmarks.goods import goods, kinds
from catalogue.models import Listing
from catalogue.pricing import Asker
from providers.models import Slot
from storefront.find_offers import Criteria, find_offers
from storefront.refresh_index import LOOK_AHEAD
from territory.models import Municipality
from tests.builders import NOW, a_district

pytestmark = pytest.mark.django_db


def test_fifty_listings_make_sense_to_whoever_looks_for_one():
    fill(50, now=NOW)

    listings = Listing.objects.on_sale().annotate(
        serves=Count("area", distinct=True),
        times=Count("slots", distinct=True),
        free=Count("slots", filter=Q(slots__taken__lt=F("slots__capacity")), distinct=True),
    )
    assert len(listings) == len({listing.slug for listing in listings}) == 50
    assert all(5 <= listing.serves <= 48 and 20 <= listing.times <= 60 for listing in listings)
    assert any(listing.free < listing.times for listing in listings)
    assert sum(listing.free > 0 for listing in listings) > 40
    assert {listing.kind.slug for listing in listings} == {kind.slug for kind in kinds()}
    starts = Slot.objects.annotate(start=Lower("period")).values_list("start", flat=True)
    assert min(starts) > NOW
    assert max(starts) < NOW + LOOK_AHEAD
    assert all(listing.minimum_milli % listing.step_milli == 0 for listing in listings)


def test_a_family_in_crema_finds_something_of_every_kind_with_a_free_time():
    fill(50, now=NOW)

    crema = Municipality.objects.get(slug="crema")
    for kind in a_district().service_kinds.all():
        asked = Criteria(district=a_district(), kind=kind, municipality=crema)
        first = find_offers(asked, total=1, page=1, asker=Asker(now=NOW)).offers[0]
        assert first.first is not None
        assert first.first >= NOW + timedelta(hours=first.listing.lead_time_hours)


def test_what_a_family_types_is_found(client: Client):
    fill(50, now=timezone.now())
    said = next(good for good in goods(50) if "camicie" in good.description.lower())

    page = client.get("/cremasco/cerca/", {"q": "camicie"}).content.decode()

    assert escape(said.title) in page


def test_the_same_seed_gives_the_same_goods_however_many_are_asked_for():
    assert list(goods(10)) == list(goods(200))[:10]
    assert list(goods(10)) != list(goods(10, seed=7))
