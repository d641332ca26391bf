"""Ways through the shop's front door, as a browser without JavaScript takes them."""

from datetime import timedelta
from html.parser import HTMLParser

import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Listing
from providers.models import Slot
from storefront.refresh_index import refresh_index
from tests.builders import NOW, a_cooperative, a_listing, a_slot


def a_slot_from_now(*, places: int = 3, days: int = 3, of: Listing | None = None) -> Slot:
    """A slot in the days that really come: views read the clock."""
    return a_slot(places=places, of=of, starts_in=timezone.now() - NOW + timedelta(days=days))


def found_by_search() -> None:
    """Bring what search reads up to the listings, as the sweep does every minute."""
    refresh_index(now=timezone.now())


def a_visitor_with_a_basket(*slots: Slot) -> Client:
    """A stranger who has kept a time at two cooperatives, or the given ones."""
    visitor = Client()
    chosen = slots or (
        a_slot_from_now(of=a_listing("Camicie", by=a_cooperative("Girasole"))),
        a_slot_from_now(of=a_listing("Lenzuola", by=a_cooperative("Papavero"))),
    )
    for slot in chosen:
        answer = visitor.post(
            reverse("storefront:listing", args=["cremasco", slot.listing.slug]),
            {"quanto": "6", "orario": slot.pk},
        )
        assert answer.status_code == 302, answer.content.decode()
    return visitor


def a_filled_in_checkout(visitor: Client, **typed: str) -> tuple[str, dict[str, str]]:
    """The checkout's address and its form, as shown and then filled in."""
    address = reverse("storefront:checkout", args=["cremasco"])
    form = {
        **hidden_fields(visitor.get(address).content.decode()),
        "name": "Anna Prova",
        "email": "anna@example.org",
        "phone": "333 123 4567",
        "street": "Via Roma 1",
        "municipality": "offanengo",
        "notes": "",
        "early_start": "on",
        **typed,
    }
    return address, form


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden inputs that a page carries, its CSRF token aside."""

    class Hidden(HTMLParser):
        found: dict[str, str] = {}

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if (
                tag == "input"
                and given.get("type") == "hidden"
                and given.get("name") != "csrfmiddlewaretoken"
            ):
                self.found[str(given["name"])] = given.get("value") or ""

    parser = Hidden()
    parser.found = {}
    parser.feed(page)
    return parser.found


def pay_by_card(page: str, number: str = "4242424242424242") -> requests.Response:
    """Pay on the sandbox's page as a browser would, without following it back to the shop."""
    card = {"number": number, "expiry": "12/34", "cvc": "123", "holder": "Anna Prova"}
    return requests.post(page, data=card, timeout=10, allow_redirects=False)
