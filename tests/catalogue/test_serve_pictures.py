"""Pictures over the wire: for a year where they are ours, nothing where they are not."""

from pathlib import Path

import pytest
from django.test import Client

from catalogue.picture_files import keep_files
from tests.builders import NOW
from tests.photos import a_picture

STEM = "0123456789abcdef0123456789abcdef"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "type"),
    [
        ("320.avif", "image/avif"),
        ("960.webp", "image/webp"),
        ("720.jpg", "image/jpeg"),
        ("share.jpg", "image/jpeg"),
    ],
)
def test_a_picture_is_served_for_a_year_as_what_it_is(pictures: Path, ending: str, type: str) -> None:
    picture = a_picture()
    keep_files(picture, now=NOW)
    name = f"{picture.stem}-{ending}"

    answer = Client().get(f"/media/pictures/{name}")

    assert answer.status_code == 200
    assert answer.content == picture.files[name]
    assert answer["Content-Type"] == type
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Vary" not in answer
    assert not answer.cookies


@pytest.mark.django_db
def test_a_picture_costs_no_query_and_can_be_asked_for_its_head_only(
    pictures: Path, django_assert_num_queries
) -> None:
    picture = a_picture()
    keep_files(picture, now=NOW)

    with django_assert_num_queries(0):
        answer = Client().head(f"/media/pictures/{picture.stem}-320.avif")

    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(picture.files[f"{picture.stem}-320.avif"])


@pytest.mark.parametrize(
    "path",
    [
        f"{STEM}-320.avif",
        f"../secret/{STEM}-320.avif",
        f"..%2fsecret%2f{STEM}-320.avif",
        "%2e%2e/secret.txt",
        "../secret.txt",
        "../../../../etc/passwd",
        "/etc/passwd",
        f"{STEM}-320.avif.77.draft",
        f"{STEM}-320.svg",
        f"{STEM}-320.avif%00.html",
        f"{STEM}-320.avif%0a",
        f"{STEM.upper()}-320.avif",
        f"{STEM}-99999.avif",
        "",
    ],
)
def test_nothing_else_is_served(pictures: Path, path: str) -> None:
    pictures.mkdir(parents=True)
    secret = pictures.parent / "secret"
    secret.mkdir()
    (secret / f"{STEM}-320.avif").write_bytes(b"ISEE")
    (pictures.parent / "secret.txt").write_bytes(b"ISEE")
    for name in (f"{STEM}-320.avif.77.draft", f"{STEM}-320.svg"):
        (pictures / name).write_bytes(b"ISEE")

    answer = Client().get(f"/media/pictures/{path}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain"
    assert b"ISEE" not in answer.content
    assert "Cache-Control" not in answer


def test_other_folders_of_media_are_nobody_s_business(pictures: Path) -> None:
    pictures.mkdir(parents=True)
    (pictures.parent / "documents").mkdir()
    (pictures.parent / "documents" / f"{STEM}-320.avif").write_bytes(b"ISEE")

    for path in (
        f"/media/documents/{STEM}-320.avif",
        f"/media/{STEM}-320.avif",
        "/media/",
        "/media/pictures",
    ):
        assert Client().get(path).status_code == 404


def test_pictures_are_only_looked_at(pictures: Path) -> None:
    answer = Client().post(f"/media/pictures/{STEM}-320.avif")

    assert answer.status_code == 405
