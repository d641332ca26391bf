"""Photos on pages: in the format and size that a telephone wants, told to who cannot see them, and light."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from catalogue.add_photo import add_photo
from catalogue.models import Listing, ListingPhoto
from kernel.pictures import make_picture
from marketplace.demo.content import PHOTOS, cooperatives_content
from tests.builders import NOW, SOMEBODY, a_listing
from tests.photos import a_picture

pytestmark = pytest.mark.django_db

LIGHT = 25_000


@pytest.fixture(autouse=True)
def _pictures(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def a_listing_with_photos(many: int) -> Listing:
    listing = a_listing()
    for number in range(many):
        add_photo(
            listing_id=listing.pk, picture=a_picture(number), alt=f"Foto {number}", by=SOMEBODY, now=NOW
        )
    return listing


def page_of(listing: Listing, language: str = "it") -> str:
    client = Client(headers={"accept-language": language})
    return client.get(reverse("storefront:listing", args=["cremasco", listing.slug])).content.decode()


def test_the_first_photo_is_on_top_and_the_others_wait_folded() -> None:
    page = page_of(a_listing_with_photos(3))

    assert page.index("<picture>") < page.index("<h1>")
    assert page.count("<picture>") == 3
    assert "2 altre foto" in page
    assert page.count('loading="lazy"') == 2
    assert page.count('fetchpriority="high"') == 1


def test_a_picture_offers_avif_then_webp_then_jpeg_and_keeps_its_place() -> None:
    listing = a_listing_with_photos(1)
    stem = listing.photos.get().stem

    page = page_of(listing)

    kinds = re.findall(r'<source type="image/(\w+)" srcset="([^"]+)" sizes="[^"]+">', page)
    assert [kind for kind, _ in kinds] == ["avif", "webp"]
    for kind, offered in kinds:
        assert offered.split(", ") == [
            f"/media/pictures/{stem}-{width}.{kind} {width}w" for width in (320, 480, 720, 960)
        ]
    image = re.search(r'<img class="photo"[^>]+>', page)
    assert image is not None
    for said in (
        f'src="/media/pictures/{stem}-720.jpg"',
        'alt="Foto 0"',
        'width="960" height="720"',
        'decoding="async"',
    ):
        assert said in image[0]


def test_every_address_on_the_page_is_served() -> None:
    page = page_of(a_listing_with_photos(2))

    addresses = set(re.findall(r"/media/pictures/[^\s\"]+", page))

    assert len(addresses) == 2 * 9
    assert {Client().get(address).status_code for address in addresses} == {200}


def test_without_a_photo_the_service_s_drawing_stands_there_and_says_nothing() -> None:
    page = page_of(a_listing())

    assert "<picture>" not in page
    assert re.search(r'<img class="photo photo-drawing" src="[^"]*img/kinds/stireria[^"]*\.svg" alt=""', page)


@pytest.mark.parametrize(
    ("alt_en", "language", "said"),
    [
        ("A basket", "en", 'alt="A basket" width'),
        ("", "en", 'alt="Un cesto" lang="it" width'),
        ("A basket", "it", 'alt="Un cesto" width'),
    ],
)
def test_words_come_in_the_reader_s_language_or_say_in_which(alt_en: str, language: str, said: str) -> None:
    listing = a_listing()
    add_photo(listing_id=listing.pk, picture=a_picture(), alt="Un cesto", alt_en=alt_en, by=SOMEBODY, now=NOW)

    assert said in page_of(listing, language)


def test_where_the_words_beside_it_say_it_all_a_photo_is_silent() -> None:
    photo = a_listing_with_photos(1).photos.get()

    with override("en"):
        card = render_to_string(
            "components/_picture.html", {"photo": photo, "sizes": "18rem", "is_told": True}
        )

    assert 'alt=""' in card
    assert "lang=" not in card


@pytest.mark.parametrize("many", [0, 1, 5])
def test_photos_cost_a_listing_s_page_one_query(many: int, django_assert_max_num_queries) -> None:
    listing = a_listing_with_photos(many)
    client = Client()
    address = reverse("storefront:listing", args=["cremasco", listing.slug])
    client.get(address)

    with django_assert_max_num_queries(50) as captured:
        client.get(address)

    assert sum("listing_listingphoto" in query["sql"] for query in captured.captured_queries) == 1


def test_a_removed_photo_is_on_no_page() -> None:
    listing = a_listing_with_photos(1)
    ListingPhoto.objects.update(removed_at=NOW, position=None)

    assert "<picture>" not in page_of(listing)


def test_each_demo_listing_has_a_photo_with_words_in_both_languages() -> None:
    for cooperative in cooperatives_content():
        for listing in cooperative.listings:
            assert (PHOTOS / listing.photo).is_file(), listing.slug
            assert (PHOTOS / listing.photo).with_suffix(".svg").is_file()
            assert 10 < len(listing.photo_alt) <= 160
            assert 10 < len(listing.photo_alt_en) <= 160


@pytest.mark.parametrize("path", sorted(PHOTOS.glob("*.webp")), ids=lambda path: path.stem)
def test_a_demo_photo_is_light_on_a_telephone(path: Path) -> None:
    """A card on a telephone 375 points wide, two dots a point, asks for 686 dots: the file of 720."""
    assert path.stat().st_size <= 60_000
    picture = make_picture(path.read_bytes(), name=path.name)

    for ending in ("avif", "webp"):
        assert len(picture.files[f"{picture.stem}-720.{ending}"]) <= LIGHT
