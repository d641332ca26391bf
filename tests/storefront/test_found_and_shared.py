"""What search engines and share previews are told: sitemaps, robots, canonical addresses, microdata."""

import gzip
import re
import struct
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from catalogue.models import Listing
from storefront import public_addresses
from storefront.context import INDEXED
from tests.builders import a_cooperative, a_district, a_listing, a_municipality, a_place, a_user
from tests.front_door import a_slot_from_now, a_visitor_with_a_basket, found_by_search

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PUBLIC = django_settings.PUBLIC_URL


def locations(address: str) -> list[str]:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml"
    return [str(node.text) for node in ET.fromstring(answer.content).iter(f"{SITEMAP}loc")]


def everything_listed() -> set[str]:
    found: set[str] = set()
    for section in locations("/sitemap.xml"):
        found |= set(locations(section.removeprefix(PUBLIC)))
    return found


class Head(HTMLParser):
    """What the head of a page says of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            assert name not in self.said, f"{name} twice"
            self.said[name] = given.get("content") or ""
        if tag == "link" and given.get("rel") == "canonical":
            self.said["canonical"] = given["href"] or ""


def head_of(address: str, client: Client | None = None) -> dict[str, str]:
    return Head((client or Client()).get(address).content.decode()).said


# --- Sitemaps ----------------------------------------------------------------------------------------------


def test_the_sitemaps_list_every_public_page_and_each_of_them_answers():
    listing = a_slot_from_now().listing
    a_place(), a_municipality("Soncino")
    found_by_search()

    listed = everything_listed()

    for path in (
        "",
        "servizi/stireria/",
        f"annuncio/{listing.slug}/",
        "cooperative/girasole/",
        "comuni/",
        "comuni/soncino/",
        f"luoghi/{a_place().slug}/",
        "prezzi/",
        "ordine/",
        "condizioni/",
        "privacy/",
        "recesso/",
        "accessibilita/",
        "aiuto/",
        "chi-siamo/",
    ):
        assert f"{PUBLIC}/cremasco/{path}" in listed
    for address in listed:
        answer = Client().get(address.removeprefix(PUBLIC))
        assert answer.status_code == 200, address
        assert 'content="noindex"' not in answer.content.decode(), address


def test_the_sitemaps_list_no_private_page_and_nothing_paused():
    listing = a_slot_from_now().listing
    found_by_search()
    Listing.objects.update(state=Listing.State.PAUSED)
    found_by_search()

    listed = everything_listed()

    assert f"{PUBLIC}/cremasco/annuncio/{listing.slug}/" not in listed
    private = re.compile(r"/(carrello|conferma|confronta|io|p|pagamento|cooperativa|gestione|accedi|cerca)/")
    assert not [address for address in listed if private.search(address)]


@pytest.mark.parametrize("many", [1, 30])
def test_a_sitemap_costs_the_same_queries_however_much_it_lists(many):
    for number in range(many):
        a_slot_from_now(of=a_listing(f"Annuncio {number}", by=a_cooperative(f"Coop{number}")))
        a_municipality(f"Comune{number}"), a_place(f"Luogo {number}")
    found_by_search()

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(address).status_code == 200
        return len(captured)

    assert cost("/sitemap.xml") == 2
    assert cost("/cremasco/sitemap-pagine.xml") == 5
    assert cost("/cremasco/sitemap-annunci-1.xml") == 2


def test_many_listings_are_parted_into_sections_that_together_list_each_once(monkeypatch):
    monkeypatch.setattr(public_addresses, "LISTINGS_A_SECTION", 2)
    for number in range(5):
        a_listing(f"Annuncio {number}")
    found_by_search()

    sections = [section for section in locations("/sitemap.xml") if "annunci" in section]
    listed = [address for section in sections for address in locations(section.removeprefix(PUBLIC))]

    assert len(sections) == 3
    assert len(listed) == len(set(listed)) == 5


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999999"])
def test_a_section_beyond_the_last_is_not_there(number):
    a_slot_from_now()
    found_by_search()

    assert Client().get(f"/cremasco/sitemap-annunci-{number}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_away_from_baskets_and_accounts():
    answer = Client().get("/robots.txt")

    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in lines
    assert {"Disallow: /*/carrello/", "Disallow: /accedi/", "Disallow: /gestione/"} <= set(lines)


def test_a_sitemap_may_be_kept_by_anybody_and_depends_on_nobody():
    a_district()

    answer = Client().get("/sitemap.xml")

    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in answer.headers.get("Vary", "")


# --- Canonical addresses and previews ----------------------------------------------------------------------


def test_what_is_indexed_are_names_of_pages_that_exist():
    names = {
        f"storefront:{name}" for name in get_resolver("storefront.urls").reverse_dict if isinstance(name, str)
    }

    assert names | {"welcome"} >= INDEXED


@pytest.mark.parametrize(
    ("query", "canonical", "is_kept_out"),
    [
        ("", "", False),
        ("?pagina=2", "?pagina=2", False),
        ("?pagina=1", "", False),
        ("?pagina=%22%3E", "", False),
        ("?comune=offanengo", "", True),
        ("?comune=offanengo&pagina=3", "?pagina=3", True),
        ("?quando=2026-12-01&utm_source=x", "", True),
    ],
)
def test_a_page_has_one_address_and_its_filtered_variants_are_kept_out(query, canonical, is_kept_out):
    a_slot_from_now()
    found_by_search()

    said = head_of(f"/cremasco/servizi/stireria/{query}")

    assert said["canonical"] == f"{PUBLIC}/cremasco/servizi/stireria/{canonical}"
    assert ("noindex" in said.get("robots", "")) is is_kept_out


@pytest.mark.parametrize(
    "address",
    [
        "/cremasco/cerca/?q=camicie",
        "/cremasco/carrello/",
        "/cremasco/conferma/",
        "/cremasco/confronta/",
        "/cremasco/io/",
        "/accedi/login/",
        "/accedi/signup/",
        "/cremasco/non-esiste/",
        "/cremasco/annuncio/non-esiste/",
    ],
)
def test_private_passing_and_missing_pages_are_kept_out_and_offer_no_preview(address):
    visitor = a_visitor_with_a_basket()
    visitor.force_login(a_user()) if address.endswith("/io/") else None

    said = head_of(address, visitor)

    assert said["robots"] == "noindex"
    assert "canonical" not in said
    assert "og:url" not in said


def test_a_preview_says_what_the_page_is_with_a_picture_of_the_right_size():
    a_district()

    said = head_of("/cremasco/prezzi/")

    assert said["og:title"] == "Come si formano i prezzi"
    assert said["og:description"] == said["description"]
    assert said["og:type"] == "website"
    assert said["og:url"] == f"{PUBLIC}/cremasco/prezzi/"
    assert said["og:image"] == f"{PUBLIC}/static/img/share.png"
    assert said["twitter:card"] == "summary_large_image"
    png = (Path(django_settings.ROOT) / "static/img/share.png").read_bytes()
    assert (
        struct.unpack(">II", png[16:24])
        == (1200, 630)
        == (
            int(said["og:image:width"]),
            int(said["og:image:height"]),
        )
    )


def test_what_people_write_cannot_leave_its_attribute():
    cooperative = a_cooperative()
    type(cooperative).objects.update(story='Noi "stiriamo" & <b>cuciamo</b>')
    type(cooperative.partner).objects.update(name='Ago "&" filo')

    said = head_of("/cremasco/cooperative/girasole/")

    assert said["og:title"] == 'Ago "&" filo'
    assert said["description"] == said["og:description"] == 'Noi "stiriamo" & <b>cuciamo</b>'


def test_each_public_page_describes_itself():
    listing = a_slot_from_now().listing
    Listing.objects.update(description="Passiamo a casa tua.")
    a_place()
    found_by_search()

    described = {
        address: head_of(address.removeprefix(PUBLIC))["description"] for address in everything_listed()
    }

    assert described[f"{PUBLIC}/cremasco/annuncio/{listing.slug}/"] == "Passiamo a casa tua."
    assert all(described.values())
    assert len(set(described.values())) == len(described)


def test_a_page_varies_by_language_and_cookie_and_says_its_language():
    a_district()

    answer = Client(headers={"accept-language": "en"}).get("/cremasco/prezzi/")

    assert {"Accept-Language", "Cookie"} <= set(re.split(r",\s*", answer.headers["Vary"]))
    assert answer.headers["Content-Language"] == "en"


# --- Microdata ---------------------------------------------------------------------------------------------

VOID = {"meta", "link", "img", "input", "br", "path", "use", "hr", "circle", "rect"}


class Microdata(HTMLParser):
    """Reads the items of a page as a search engine does: types, properties, what belongs to what."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.items: list[dict[str, Any]] = []
        self.open: list[tuple[str, dict[str, Any] | None, str | None]] = []
        self.strays: list[str] = []
        self.feed(page)
        self.close()

    def _scope(self) -> dict[str, Any] | None:
        return next((item for _, item, _ in reversed(self.open) if item is not None), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        names, scope = given.get("itemprop"), self._scope()
        item: dict[str, Any] | None = None
        if "itemscope" in given:
            item = {"type": (given.get("itemtype") or "").rsplit("/", 1)[-1]}
            assert item["type"], "an item without a type"
            self.items.append(item)
        if names and scope is None:
            self.strays.append(names)
        if names and scope is not None:
            value: Any = item if item is not None else given.get("content") or given.get("href") or ""
            scope.setdefault(names, []).append(value)
        if tag not in VOID:
            self.open.append((tag, item, names))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            pass


def microdata_of(address: str) -> Microdata:
    found = Microdata(Client().get(address).content.decode())
    assert found.strays == []
    return found


def test_the_breadcrumb_is_a_list_that_counts_from_one():
    offanengo = a_place()

    found = microdata_of(f"/cremasco/luoghi/{offanengo.slug}/")

    (crumbs,) = [item for item in found.items if item["type"] == "BreadcrumbList"]
    steps = crumbs["itemListElement"]
    assert [step["position"] for step in steps] == [["1"], ["2"], ["3"], ["4"]]
    assert [step.get("item") for step in steps] == [
        ["/cremasco/"],
        ["/cremasco/comuni/"],
        ["/cremasco/comuni/offanengo/"],
        None,
    ]


def test_every_inner_page_has_a_breadcrumb_and_the_first_page_has_none():
    a_district()

    for name in ("help", "withdrawal", "accessibility", "prices", "terms", "basket"):
        page = Client().get(reverse(f"storefront:{name}", args=["cremasco"])).content.decode()
        assert page.count('data-element="breadcrumb"') == 1, name
    assert 'data-element="breadcrumb"' in Client().get("/accedi/login/").content.decode()
    assert 'data-element="breadcrumb"' not in Client().get("/cremasco/").content.decode()


def test_cooperatives_and_places_are_told_as_what_they_are():
    a_slot_from_now()
    found_by_search()

    organization = next(
        item
        for item in microdata_of("/cremasco/cooperative/girasole/").items
        if item["type"] == "Organization"
    )
    place = next(
        item for item in microdata_of(f"/cremasco/luoghi/{a_place().slug}/").items if item["type"] == "Place"
    )

    assert {"name", "telephone", "email", "vatID", "areaServed"} <= set(organization)
    assert {"name", "address"} <= set(place)
    assert place["address"][0]["type"] == "PostalAddress"


# --- When something goes wrong -----------------------------------------------------------------------------


def test_an_answer_without_a_request_speaks_both_languages():
    for name in ("400.html", "500.html"):
        page = render_to_string(name)
        assert '<html lang="it">' in page
        assert '<div lang="en">' in page
        assert 'content="noindex"' in page


@pytest.mark.parametrize(
    ("language", "told"), [("it", "Questa pagina non c"), ("en", "This page is not here")]
)
def test_a_missing_page_speaks_the_readers_language_and_keeps_help_in_its_place(language, told):
    a_district()

    answer = Client(headers={"accept-language": language}).get("/cremasco/non-esiste/")

    page = answer.content.decode()
    assert answer.status_code == 404
    assert told in page
    assert 'id="help-title"' in page
    assert 'data-element="breadcrumb"' not in page


def test_a_form_without_its_token_is_refused_in_words():
    a_district()

    answer = Client(enforce_csrf_checks=True).post("/lingua/setlang/", {"language": "en"})

    assert answer.status_code == 403
    assert "Per sicurezza non abbiamo accettato questo modulo" in answer.content.decode()


def test_pages_travel_packed_and_their_secrets_are_masked_anew_each_time():
    a_district()
    visitor = Client(headers={"accept-encoding": "gzip"})

    first, second = (visitor.get(reverse("storefront:home", args=["cremasco"])) for _ in range(2))

    unpacked = [gzip.decompress(answer.content).decode() for answer in (first, second)]
    assert first.headers["Content-Encoding"] == "gzip"
    assert len(first.content) < len(unpacked[0]) / 2
    tokens = {re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1) for page in unpacked}
    assert len(tokens) == 2
