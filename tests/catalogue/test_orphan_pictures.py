"""Files that no page shows go after a day; those that a page shows, or is about to, never."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction

from catalogue import orphan_pictures as room
from catalogue.add_photo import add_photo
from catalogue.orphan_pictures import KEPT_FOR, orphan_pictures, remove_orphan
from catalogue.picture_files import keep_files
from catalogue.remove_photo import remove_photo
from marketplace.sweepers import ORPHAN_PICTURES
from outbox.sweeping import run_sweep
from providers.set_picture import set_picture
from tests.builders import NOW, SOMEBODY, a_cooperative, a_listing
from tests.photos import a_picture

pytestmark = pytest.mark.django_db

LATER = NOW + KEPT_FOR + timedelta(seconds=1)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_without_any_picture_there_is_nothing_to_do(pictures: Path) -> None:
    assert orphan_pictures(NOW) == []


def test_what_a_crash_left_behind_goes_after_a_day(pictures: Path) -> None:
    def crash() -> None:
        with transaction.atomic():
            keep_files(a_picture(), now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    (pictures / f"{a_picture().stem}-720.avif.77.draft").write_bytes(b"half")

    assert orphan_pictures(NOW + timedelta(hours=23)) == []
    swept = run_sweep(ORPHAN_PICTURES, clock=lambda: NOW + timedelta(days=400))

    assert swept is not None
    assert (swept.finished, swept.failed) == (1, 0)
    assert files(pictures) == set()


def test_what_any_room_shows_stays_and_what_is_removed_goes(pictures: Path) -> None:
    listing = a_listing()
    gone, shown, of_the_cooperative = (a_picture(number) for number in (1, 2, 3))
    first = add_photo(listing_id=listing.pk, picture=gone, alt="Via", by=SOMEBODY, now=NOW)
    add_photo(listing_id=listing.pk, picture=shown, alt="Resta", by=SOMEBODY, now=NOW)
    set_picture(
        cooperative_id=a_cooperative().pk, picture=of_the_cooperative, alt="Noi", by=SOMEBODY, now=NOW
    )
    remove_photo(photo_id=first.pk, by=SOMEBODY, now=NOW)

    assert orphan_pictures(LATER) == [gone.stem]
    for stem in (gone.stem, shown.stem, of_the_cooperative.stem):
        remove_orphan(stem, LATER)

    assert files(pictures) == set(shown.files) | set(of_the_cooperative.files)


def test_a_removed_photo_that_another_listing_shows_stays(pictures: Path) -> None:
    rows = [
        add_photo(listing_id=a_listing(title).pk, picture=a_picture(), alt="Foto", by=SOMEBODY, now=NOW)
        for title in ("Uno", "Due")
    ]

    remove_photo(photo_id=rows[0].pk, by=SOMEBODY, now=NOW)

    assert orphan_pictures(LATER) == []


def test_an_old_file_that_is_wanted_again_counts_as_new(pictures: Path) -> None:
    keep_files(a_picture(), now=NOW)

    keep_files(a_picture(), now=LATER)

    assert orphan_pictures(LATER) == []


def a_race(pictures: Path) -> tuple[set[str], bool]:
    """Sweep an old file in the moment in which its row is written but not committed; what is left, and did it wait."""
    listing, picture = a_listing(), a_picture()
    keep_files(picture, now=NOW)
    done = threading.Event()

    def sweep() -> None:
        try:
            remove_orphan(picture.stem, LATER + KEPT_FOR * 2)
        finally:
            done.set()
            connections.close_all()

    sweeper = threading.Thread(target=sweep)
    with transaction.atomic():
        add_photo(listing_id=listing.pk, picture=picture, alt="Foto", by=SOMEBODY, now=LATER)
        sweeper.start()
        waited = not done.wait(timeout=1)
    sweeper.join(timeout=10)
    return files(pictures), waited


@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_who_is_just_adding_the_same_photo(pictures: Path) -> None:
    left, waited = a_race(pictures)

    assert waited
    assert left == set(a_picture().files)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_sweep_takes_files_that_a_page_will_show(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "lock_files", lambda stem: None)

    left, waited = a_race(pictures)

    assert not waited
    assert left == set()
