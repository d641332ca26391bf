"""A listing's page as strangers get it: kept from the last time, or made afresh."""

import re
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Listing, ListingPhoto, PriceTier
from catalogue.models.pictures import row_of
from tests.builders import NOW, a_listing
from tests.front_door import a_slot_from_now
from tests.photos import a_picture

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def a_full_listing() -> Listing:
    """With photos, a group price and times, one of them too near to book."""
    listing = a_listing()
    ListingPhoto.objects.create(
        listing=listing, position=1, **row_of(a_picture(), alt="Camicie", alt_en="", added_at=NOW)
    )
    PriceTier.objects.create(listing=listing, from_people=4, unit_price_cents=4_50)
    for days in (2, 3, 4):
        a_slot_from_now(of=listing, days=days, places=2)
    return listing


def address_of(listing: Listing, query: str = "") -> str:
    return f"/cremasco/annuncio/{listing.slug}/{query}"


def a_stranger(**cookies: str) -> Client:
    client = Client(headers={"accept-language": "it"})
    client.cookies = SimpleCookie(cookies)
    return client


def shown(address: str, **cookies: str) -> str:
    return without_token(a_stranger(**cookies).get(address))


def shown_afresh(address: str, **cookies: str) -> str:
    """As it is made for who has a cookie that we do not know: never kept."""
    return shown(address, unknown="1", **cookies)


def without_token(answer: Any) -> str:
    return TOKEN.sub("", answer.content.decode())


def queries_of(address: str, client: Client | None = None) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert (client or a_stranger()).get(address).status_code == 200
    return [query["sql"] for query in captured]


def is_kept(address: str, client: Client | None = None) -> bool:
    return len(queries_of(address, client)) == 1


def change(statement: str) -> None:
    """Behind the models' back, as by hand in the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0
