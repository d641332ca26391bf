"""What the demo district is made of, read from the files in ``content``."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
CONTENT = FOLDER / "content"
PHOTOS = CONTENT / "photos"
MUNICIPALITIES = FOLDER / "comuni_ambito_cremasco.csv"


@dataclass(frozen=True)
class ListingContent:
    """A listing as its cooperative writes it; ``reach`` counts municipalities from the seat, None means all."""

    slug: str
    kind: str
    title: str
    description: str
    includes: str
    needs: str
    price_cents: int
    tax_profile: str
    withdrawal_profile: str
    minimum_milli: int
    maximum_milli: int
    step_milli: int
    lead_time_hours: int
    capacity: int
    slots: list[str]
    reach: int | None = None
    title_en: str = ""
    description_en: str = ""
    photo: str = ""
    photo_alt: str = ""
    photo_alt_en: str = ""
    tiers: list[tuple[int, int]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    includes_en: str = ""
    needs_en: str = ""


@dataclass(frozen=True)
class CooperativeContent:
    name: str
    slug: str
    seat: str
    phone: str
    email: str
    vat_number: str
    commission_bp: int
    story: str
    listings: list[ListingContent]
    address: str = ""
    story_en: str = ""


def district_content() -> dict[str, Any]:
    """Return the district's own tables."""
    return _read(CONTENT / "district.toml")


def terms_content() -> list[dict[str, Any]]:
    """Return the versions of the terms of sale and of the privacy notice."""
    return list(_read(CONTENT / "terms.toml")["terms"])


def people_content() -> list[dict[str, Any]]:
    """Return who logs in."""
    return list(_read(CONTENT / "people.toml")["people"])


def municipality_rows() -> list[dict[str, str]]:
    """Return the municipalities' rows."""
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cooperatives_content() -> list[CooperativeContent]:
    """Return the cooperatives in the order of their slugs, their listings completed with the kinds' defaults."""
    defaults = {kind["slug"]: kind["defaults"] for kind in district_content()["kinds"]}
    return [_cooperative(_read(path), defaults) for path in sorted((CONTENT / "cooperatives").glob("*.toml"))]


def _cooperative(table: dict[str, Any], defaults: Mapping[str, dict[str, Any]]) -> CooperativeContent:
    listings = [ListingContent(**defaults[row["kind"]] | row) for row in table.pop("listings")]
    return CooperativeContent(**table, listings=listings)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
