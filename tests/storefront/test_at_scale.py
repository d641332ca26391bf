"""Pages cost the same queries at a hundred listings and at ten thousand, and scan no table that grows."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from benchmarks.catalogue import fill
from catalogue.models import Listing
from providers.models import Cooperative

# A district has a few dozen of these, and a few thousand words, however much it sells.
DO_NOT_GROW = {
    "territory_district", "territory_municipality", "territory_place", "territory_terms", "listing_servicekind",
    "listing_question", "listing_taxprofile", "listing_taxrate", "listing_withdrawalprofile",
    "listing_withdrawalrule", "storefront_offertally", "storefront_knownword", "partner_partner",
    "providers_cooperative", "providers_cooperative_districts",
}  # fmt: skip
FEW, MANY = 100, 10_000


@pytest.fixture(scope="module")
def shop(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[int]:
    """A shop with so many listings, gone again when the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5min'")  # filling is not what is tested
        fill(request.param, now=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO listing_pricetier (listing_id, from_people, unit_price_cents)"
                " SELECT id, 4, unit_price_cents - 10 FROM listing_listing"
            )
            cursor.execute(
                "INSERT INTO listing_listingphoto (listing_id, position, stem, digest, width, height, widths,"
                " share_width, alt, alt_en, added_at)"
                " SELECT id, 1, md5(slug), md5(slug), 960, 720, '{320,480}', 960, 'Un disegno', '', now()"
                " FROM listing_listing"
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("ANALYZE")
        yield request.param
        transaction.set_rollback(True)


def addresses() -> dict[str, str]:
    listing = Listing.objects.order_by("pk").last()
    assert listing is not None
    seller = Cooperative.objects.order_by("pk").last()
    assert seller is not None
    soon = timezone.now() + timedelta(days=3)
    return {
        "home": "/cremasco/",
        "kind": "/cremasco/servizi/stireria/",
        "kind here": "/cremasco/servizi/stireria/?comune=offanengo",
        "kind, last page": "/cremasco/servizi/stireria/?comune=offanengo&pagina=99999",
        "kind, filtered": f"/cremasco/servizi/stireria/?comune=crema&prezzo=600&quando={soon:%Y-%m-%d}",
        # Words that at most one offer in thirty says: one that every tenth says is rightly looked for in all texts.
        "search": "/cremasco/cerca/?q=passeggino",
        "search here": "/cremasco/cerca/?q=passeggino&comune=crema",
        "search, mistyped": "/cremasco/cerca/?q=pasegino",
        "listing": f"/cremasco/annuncio/{listing.slug}/?afresh",
        "listing, kept": f"/cremasco/annuncio/{listing.slug}/",
        "price": f"/cremasco/annuncio/{listing.slug}/prezzo/?quanto=4",
        "compare": f"/cremasco/confronta/?a={listing.slug}",
    }


def queries_of(address: str) -> list[str]:
    Client().get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in captured]


COSTS = {
    "home": 4,
    "kind": 8,
    "kind here": 8,
    "kind, last page": 8,
    "kind, filtered": 7,
    "search": 7,
    "search here": 7,
    "search, mistyped": 9,
    "listing": 6,
    "listing, kept": 1,
    "price": 2,
    "compare": 4,
}


@pytest.mark.parametrize("shop", [FEW, MANY], indirect=True)
class TestAShop:
    def test_a_page_costs_its_number_of_queries(self, shop: int) -> None:
        assert {name: len(queries_of(address)) for name, address in addresses().items()} == COSTS

    def test_no_page_reads_a_growing_table_from_end_to_end(self, shop: int) -> None:
        if shop == FEW:
            return  # PostgreSQL rightly reads a small table whole
        scanned = {
            f"{name}: {table}"
            for name, address in addresses().items()
            for sql in queries_of(address)
            for table in _scanned_whole(sql)
        }

        assert scanned == set()


def _scanned_whole(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    tables: set[str] = set()
    _walk(json.loads(plan) if isinstance(plan, str) else plan, tables)
    return tables - DO_NOT_GROW


def _walk(node: Any, tables: set[str]) -> None:
    if isinstance(node, list):
        for part in node:
            _walk(part, tables)
    elif isinstance(node, dict):
        if node.get("Node Type") == "Seq Scan":
            tables.add(node["Relation Name"])
        for part in node.values():
            _walk(part, tables)
