"""The photos of a listing: added, ordered, described, removed; what is refused leaves no trace."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditRow
from catalogue.add_photo import MOST_PHOTOS, PhotoAlreadyThere, TooManyPhotos, add_photo
from catalogue.describe_photo import describe_photo
from catalogue.models import Listing, ListingPhoto
from catalogue.order_photos import PhotosChanged, order_photos
from catalogue.remove_photo import remove_photo
from tests.builders import NOW, SOMEBODY, a_cooperative, a_listing
from tests.photos import a_picture
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def add(listing: Listing, number: int = 0) -> ListingPhoto:
    return add_photo(
        listing_id=listing.pk, picture=a_picture(number), alt=f"Foto {number}", by=SOMEBODY, now=NOW
    )


def shown(listing: Listing) -> list[str]:
    return [photo.alt for photo in listing.photos.shown()]


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def acts() -> list[str]:
    return list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))


def test_an_added_photo_comes_last_with_its_files_and_on_record(pictures: Path) -> None:
    listing = a_listing()

    add(listing, 1)
    photo = add(listing, 2)

    assert shown(listing) == ["Foto 1", "Foto 2"]
    assert files(pictures) == set(a_picture(1).files) | set(a_picture(2).files)
    assert (photo.width, photo.height, photo.widths) == (1200, 900, [320, 480, 720, 960])
    row = AuditRow.objects.latest("pk")
    assert (row.verb, row.subject, row.district_id) == (
        "add_photo",
        f"listing:{listing.pk}",
        listing.kind.district_id,
    )
    assert row.facts["digest"] == photo.digest


def test_the_same_photo_twice_is_refused_and_may_come_back_after_its_removal(pictures: Path) -> None:
    listing = a_listing()
    first = add(listing)

    with pytest.raises(PhotoAlreadyThere):
        add(listing)
    assert shown(listing) == ["Foto 0"]
    assert acts() == ["add_photo"]

    remove_photo(photo_id=first.pk, by=SOMEBODY, now=NOW)
    add(listing)
    assert shown(listing) == ["Foto 0"]


def test_one_photo_too_many_is_refused_and_leaves_no_file(pictures: Path) -> None:
    listing = a_listing()
    for number in range(MOST_PHOTOS):
        add(listing, number)
    before = files(pictures)

    with pytest.raises(TooManyPhotos, match="8"):
        add(listing, MOST_PHOTOS)

    assert len(shown(listing)) == MOST_PHOTOS
    assert files(pictures) == before


def test_two_listings_share_the_files_of_one_photo(pictures: Path) -> None:
    add(a_listing("Uno"))
    add(a_listing("Due"))

    assert files(pictures) == set(a_picture().files)


def test_a_removed_photo_is_closed_and_its_files_wait_for_the_sweep(pictures: Path) -> None:
    listing = a_listing()
    gone, stays = add(listing, 1), add(listing, 2)

    for _ in range(2):
        remove_photo(photo_id=gone.pk, by=SOMEBODY, now=NOW)

    assert shown(listing) == ["Foto 2"]
    gone.refresh_from_db()
    assert (gone.removed_at, gone.position) == (NOW, None)
    assert set(a_picture(1).files) <= files(pictures)
    assert acts() == ["add_photo", "add_photo", "remove_photo"]
    assert ListingPhoto.objects.first_of([listing.pk]) == {listing.pk: stays}


def test_photos_are_put_into_another_order(pictures: Path) -> None:
    listing = a_listing()
    one, two, three = (add(listing, number) for number in (1, 2, 3))
    remove_photo(photo_id=two.pk, by=SOMEBODY, now=NOW)
    four = add(listing, 4)

    order_photos(listing_id=listing.pk, photo_ids=[four.pk, one.pk, three.pk], by=SOMEBODY, now=NOW)
    order_photos(listing_id=listing.pk, photo_ids=[four.pk, one.pk, three.pk], by=SOMEBODY, now=NOW)

    assert shown(listing) == ["Foto 4", "Foto 1", "Foto 3"]
    assert acts().count("order_photos") == 1


def test_an_order_that_somebody_s_change_made_stale_is_refused(pictures: Path) -> None:
    listing = a_listing()
    one, two = add(listing, 1), add(listing, 2)
    stranger = add(a_listing("Altro"), 3)

    for stale in ([one.pk], [two.pk, one.pk, stranger.pk], [two.pk, two.pk]):
        with pytest.raises(PhotosChanged):
            order_photos(listing_id=listing.pk, photo_ids=stale, by=SOMEBODY, now=NOW)

    assert shown(listing) == ["Foto 1", "Foto 2"]
    assert "order_photos" not in acts()


def test_other_words_are_kept_with_those_before(pictures: Path) -> None:
    photo = add(a_listing())

    for _ in range(2):
        describe_photo(photo, alt="Un cesto", alt_en="A basket", district_id=1, by=SOMEBODY, now=NOW)

    photo.refresh_from_db()
    assert (photo.alt, photo.alt_en) == ("Un cesto", "A basket")
    assert acts() == ["add_photo", "describe_photo"]
    assert AuditRow.objects.latest("pk").facts["before"] == "Foto 0"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"alt": ""}, "listingphoto_has_words"),
        ({"stem": "../../etc/passwd"}, "listingphoto_stem_is_a_hash"),
        ({"widths": []}, "listingphoto_has_files"),
        ({"position": None}, "listingphoto_shown_has_a_position"),
        ({"removed_at": NOW}, "listingphoto_shown_has_a_position"),
    ],
)
def test_the_database_keeps_the_rules_too(pictures: Path, change: dict[str, object], constraint: str) -> None:
    photo = add(a_listing())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ListingPhoto.objects.filter(pk=photo.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_photos_on_one_position_are_refused_at_the_end_of_the_transaction(pictures: Path) -> None:
    listing = a_listing()
    one, two = add(listing, 1), add(listing, 2)

    with pytest.raises(IntegrityError, match="listingphoto_one_a_position"):
        ListingPhoto.objects.filter(pk=two.pk).update(position=one.position)

    assert shown(listing) == ["Foto 1", "Foto 2"]


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_are_never_more_than_eight(pictures: Path) -> None:
    listing = a_listing()
    ready = [a_picture(number) for number in range(12)]

    met = at_once(
        12,
        lambda n: add_photo(listing_id=listing.pk, picture=ready[n], alt="Foto", by=SOMEBODY, now=NOW),
    )

    assert sum(isinstance(each, ListingPhoto) for each in met) == MOST_PHOTOS
    assert sum(isinstance(each, TooManyPhotos) for each in met) == 4
    assert list(listing.photos.shown().values_list("position", flat=True)) == list(range(1, MOST_PHOTOS + 1))


def test_first_photos_of_many_listings_cost_one_query(pictures: Path, django_assert_num_queries) -> None:
    listings = [a_listing(f"Annuncio {n}", by=a_cooperative()) for n in range(3)]
    for listing in listings[:2]:
        add(listing, 1)
        add(listing, 2)

    with django_assert_num_queries(1):
        first = ListingPhoto.objects.first_of([listing.pk for listing in listings])

    assert {listing_id: photo.alt for listing_id, photo in first.items()} == {
        listing.pk: "Foto 1" for listing in listings[:2]
    }
