"""Remove the files of pictures that no page shows: of removed photos, and of rows that were never committed."""

from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction

from catalogue.models.pictures import Pictured
from catalogue.picture_files import STEM_LENGTH, files_by_age, files_of, last_wanted, lock_files

# Longer than any upload takes, and than a page stays open that still asks for a removed photo.
KEPT_FOR = timedelta(days=1)


def orphan_pictures(now: datetime) -> list[str]:
    """Return the stems of the files that nobody has wanted for a day and no row shows, oldest first."""
    old = dict.fromkeys(path.name[:STEM_LENGTH] for aged, path in files_by_age() if aged <= now - KEPT_FOR)
    shown = _shown(list(old))
    return [stem for stem in old if stem not in shown]


def remove_orphan(stem: str, now: datetime) -> None:
    """Remove the old files of that stem, unless a row shows them by now."""
    with transaction.atomic():
        lock_files(stem)
        if _shown([stem]):
            return
        for path in files_of(stem):
            if last_wanted(path) <= now - KEPT_FOR:
                path.unlink()


def _shown(stems: list[str]) -> set[str]:
    """Return which of those stems a row shows, in whatever room its table is."""
    tables = [model for model in apps.get_models() if issubclass(model, Pictured)]
    return {
        stem
        for table in tables
        for stem in table._default_manager.filter(stem__in=stems, removed_at=None).values_list(
            "stem", flat=True
        )
    }
