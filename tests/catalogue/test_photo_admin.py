"""Photos in the administration: staff choose files and words; what is wrong stands beside its field."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditRow
from catalogue import photo_admin
from catalogue.add_photo import MOST_PHOTOS, add_photo
from catalogue.models import Listing, ListingPhoto
from kernel.pictures import MOST_BYTES
from people.models import User
from providers.models import Cooperative, CooperativePicture
from tests.builders import NOW, SOMEBODY, a_cooperative, a_listing
from tests.photos import a_photo, a_picture, an_image, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"accept-language": "it"})
    client.force_login(User.objects.create_superuser("gestione@example.org", "prova-prova-1"))
    return client


def upload(content: bytes, name: str = "foto.jpg") -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def listing_form(listing: Listing, *photos: dict[str, Any]) -> dict[str, Any]:
    """The page's whole form as it is, with these rows of photos."""
    known = sum("id" in photo for photo in photos)
    fields: dict[str, Any] = {
        "kind": listing.kind_id,
        "stockrecord": listing.stockrecord_id,
        "slug": listing.slug,
        "state": listing.state,
        "title": listing.title,
        "unit_price_cents": listing.unit_price_cents,
        "tax_profile": listing.tax_profile_id,
        "withdrawal_profile": listing.withdrawal_profile_id,
        "minimum_milli": listing.minimum_milli,
        "maximum_milli": listing.maximum_milli,
        "step_milli": listing.step_milli,
        "lead_time_hours": listing.lead_time_hours,
        "area": [municipality.pk for municipality in listing.area.all()],
        "tiers-TOTAL_FORMS": 0,
        "tiers-INITIAL_FORMS": 0,
        "photos-TOTAL_FORMS": len(photos),
        "photos-INITIAL_FORMS": known,
    }
    for number, photo in enumerate(photos):
        fields[f"photos-{number}-listing"] = listing.pk
        fields |= {f"photos-{number}-{name}": value for name, value in photo.items()}
    return fields


def send(staff: Client, listing: Listing, *photos: dict[str, Any]) -> Any:
    address = reverse("admin:listing_listing_change", args=[listing.pk])
    return staff.post(address, listing_form(listing, *photos))


def shown(listing: Listing) -> list[tuple[str, str]]:
    return [(photo.alt, photo.alt_en) for photo in listing.photos.shown()]


def a_listing_with(*words: str) -> tuple[Listing, list[ListingPhoto]]:
    listing = a_listing()
    return listing, [
        add_photo(listing_id=listing.pk, picture=a_picture(number), alt=alt, by=SOMEBODY, now=NOW)
        for number, alt in enumerate(words)
    ]


def row(photo: ListingPhoto, **changes: Any) -> dict[str, Any]:
    return {"id": photo.pk, "alt": photo.alt, "alt_en": photo.alt_en, "order": photo.position} | changes


def test_a_photo_is_added_with_its_words_and_seen_on_the_page(staff: Client, pictures: Path) -> None:
    listing = a_listing()

    answer = send(staff, listing, {"file": upload(a_photo()), "alt": "Un cesto", "alt_en": "A basket"})

    assert answer.status_code == 302
    assert shown(listing) == [("Un cesto", "A basket")]
    assert AuditRow.objects.get(verb="add_photo").who == f"user:{User.objects.get().pk}"
    page = staff.get(reverse("admin:listing_listing_change", args=[listing.pk])).content.decode()
    assert listing.photos.get().thumbnail in page
    assert 'enctype="multipart/form-data"' in page


def bad_files() -> Iterator[Any]:
    whole = saved(an_image(), "PNG")
    yield pytest.param(
        b"%PDF" + b"0" * 14_000_000, "isee.pdf", "isee.pdf pesa 14,1 MB, il massimo è 10", id="heavy"
    )
    yield pytest.param(b"%PDF-1.7", "foto.jpg", "foto.jpg non è una foto che sappiamo leggere", id="no photo")
    yield pytest.param(b"", "vuota.jpg", "Il file è vuoto", id="empty")
    yield pytest.param(
        whole[: len(whole) // 2], "a.png", "a.png è rovinato o è arrivato solo in parte", id="half"
    )
    yield pytest.param(saved(an_image(60, 60)), "icona.jpg", "icona.jpg misura 60 × 60 punti", id="tiny")
    yield pytest.param(
        b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "IMG_1.HEIC", "formato HEIC di Apple", id="heic"
    )


@pytest.mark.parametrize(("content", "name", "words"), list(bad_files()))
def test_a_bad_file_is_refused_beside_its_field_and_changes_nothing(
    staff: Client, pictures: Path, content: bytes, name: str, words: str
) -> None:
    listing, _ = a_listing_with("Prima")
    before = sorted(pictures.iterdir())

    answer = send(
        staff,
        listing,
        row(listing.photos.get(), alt="Altre parole"),
        {"file": upload(content, name), "alt": "Un foglio"},
    )

    assert answer.status_code == 200
    formset = answer.context["inline_admin_formsets"][1].formset
    assert list(formset.forms[1].errors) == ["file"]
    assert words in formset.forms[1].errors["file"][0]
    assert shown(listing) == [("Prima", "")]
    assert sorted(pictures.iterdir()) == before
    assert list(AuditRow.objects.values_list("verb", flat=True)) == ["add_photo"]


@pytest.mark.parametrize(
    ("photo", "field"),
    [({"file": True, "alt": ""}, "alt"), ({"alt": "Senza foto"}, "file")],
    ids=["no words", "no file"],
)
def test_a_photo_needs_words_and_words_a_photo(
    staff: Client, pictures: Path, photo: dict[str, Any], field: str
) -> None:
    listing = a_listing()

    answer = send(staff, listing, photo | ({"file": upload(a_photo())} if "file" in photo else {}))

    assert list(answer.context["inline_admin_formsets"][1].formset.forms[0].errors) == [field]
    assert not ListingPhoto.objects.exists()
    assert not pictures.exists()


def test_the_same_photo_twice_is_refused_beside_its_field(staff: Client, pictures: Path) -> None:
    listing, (there,) = a_listing_with("Prima")

    answer = send(staff, listing, row(there), {"file": upload(a_photo(0)), "alt": "Di nuovo"})

    assert "mostra già" in answer.context["inline_admin_formsets"][1].formset.forms[1].errors["file"][0]
    assert shown(listing) == [("Prima", "")]


def test_a_ninth_photo_is_refused(staff: Client, pictures: Path) -> None:
    listing, there = a_listing_with(*(f"Foto {number}" for number in range(MOST_PHOTOS)))

    answer = send(staff, listing, *map(row, there), {"file": upload(a_photo(99)), "alt": "Una di troppo"})

    assert "al massimo 8 foto" in answer.content.decode()
    assert listing.photos.shown().count() == MOST_PHOTOS


def test_words_order_and_removal_are_done_by_verbs(staff: Client, pictures: Path) -> None:
    listing, (one, two, three) = a_listing_with("Uno", "Due", "Tre")

    answer = send(
        staff,
        listing,
        row(one, order=3),
        row(two, DELETE="on"),
        row(three, order=1, alt="Tre belle"),
        {"file": upload(a_photo(4)), "alt": "Nuova", "order": 1},
    )

    assert answer.status_code == 302
    assert [alt for alt, _ in shown(listing)] == ["Tre belle", "Nuova", "Uno"]
    verbs = list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))
    assert sorted(verbs[3:]) == ["add_photo", "describe_photo", "order_photos", "remove_photo"]


def test_another_file_takes_a_photo_s_place(staff: Client, pictures: Path) -> None:
    listing, (one, two) = a_listing_with("Uno", "Due")

    send(staff, listing, row(one, file=upload(a_photo(7))), row(two))

    assert [alt for alt, _ in shown(listing)] == ["Uno", "Due"]
    assert listing.photos.shown()[0].digest == a_picture(7).digest
    one.refresh_from_db()
    assert one.removed_at is not None


def test_saving_without_a_change_is_no_act(staff: Client, pictures: Path) -> None:
    listing, (one, two) = a_listing_with("Uno", "Due")

    answer = send(staff, listing, row(one), row(two))

    assert answer.status_code == 302
    assert AuditRow.objects.count() == 2


def test_what_a_verb_refuses_at_the_last_moment_is_told_and_nothing_is_saved(
    staff: Client, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another person adds the ninth photo between the look and the act."""
    listing, (there,) = a_listing_with("Prima")
    clean = photo_admin.PhotoFormSet.clean

    def meanwhile(self: Any) -> None:
        clean(self)
        add_photo(listing_id=listing.pk, picture=a_picture(5), alt="Altrui", by=SOMEBODY, now=NOW)

    monkeypatch.setattr(photo_admin.PhotoFormSet, "clean", meanwhile)
    answer = staff.post(
        reverse("admin:listing_listing_change", args=[listing.pk]),
        listing_form(listing, row(there, alt="Altre parole")),
        follow=True,
    )

    assert "Intanto qualcuno ha aggiunto o tolto una foto" in answer.content.decode()
    assert ("Altre parole", "") not in shown(listing)


def cooperative_form(cooperative: Cooperative, **changes: Any) -> dict[str, Any]:
    return {
        "partner": cooperative.partner_id,
        "districts": [district.pk for district in cooperative.districts.all()],
        "slug": cooperative.slug,
        "phone": cooperative.phone,
        "email": cooperative.email,
        "vat_number": cooperative.vat_number,
        "commission_bp": cooperative.commission_bp,
        "members-TOTAL_FORMS": 0,
        "members-INITIAL_FORMS": 0,
        "picture_alt": "",
        "picture_alt_en": "",
    } | changes


def send_cooperative(staff: Client, cooperative: Cooperative, **changes: Any) -> Any:
    address = reverse("admin:providers_cooperative_change", args=[cooperative.pk])
    return staff.post(address, cooperative_form(cooperative, **changes))


def pictures_of(cooperative: Cooperative) -> list[str]:
    return list(cooperative.pictures.filter(removed_at=None).values_list("alt", flat=True))


def test_a_cooperative_gets_a_picture_then_another_then_none(staff: Client, pictures: Path) -> None:
    cooperative = a_cooperative()

    first = send_cooperative(staff, cooperative, picture=upload(a_photo(1)), picture_alt="Noi al lavoro")
    assert (first.status_code, pictures_of(cooperative)) == (302, ["Noi al lavoro"])

    send_cooperative(staff, cooperative, picture=upload(a_photo(2)), picture_alt="La nostra sede")
    assert pictures_of(cooperative) == ["La nostra sede"]
    assert CooperativePicture.objects.count() == 2

    send_cooperative(staff, cooperative, picture_alt="La sede a Crema")
    assert pictures_of(cooperative) == ["La sede a Crema"]

    send_cooperative(staff, cooperative, picture_alt="La sede a Crema", picture_away="on")
    assert pictures_of(cooperative) == []
    assert list(AuditRow.objects.order_by("pk").values_list("verb", flat=True)) == [
        "set_picture",
        "set_picture",
        "describe_photo",
        "remove_picture",
    ]


@pytest.mark.parametrize(
    ("content", "alt", "field"),
    [
        (b"x" * (MOST_BYTES + 1), "Noi", "picture"),
        (b"%PDF-1.7", "Noi", "picture"),
        (a_photo(1), "", "picture_alt"),
    ],
    ids=["heavy", "no photo", "no words"],
)
def test_a_cooperative_s_bad_picture_is_refused_beside_its_field(
    staff: Client, pictures: Path, content: bytes, alt: str, field: str
) -> None:
    cooperative = a_cooperative()

    answer = send_cooperative(
        staff, cooperative, picture=upload(content), picture_alt=alt, phone="0373 999 999"
    )

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not CooperativePicture.objects.exists()
    assert not pictures.exists()
    cooperative.refresh_from_db()
    assert cooperative.phone != "0373 999 999"
