"""Seed the district itself: municipalities, kinds of service, places, companies, funds."""

from datetime import date
from typing import Any

from django.utils.text import slugify

from aggregation.models import SavingKey
from catalogue.models import ServiceKind
from companies.models import Company, Site
from marketplace.demo.content import district_content, municipality_rows, terms_content
from marketplace.demo.law import add_law
from territory.models import District, Municipality, Place, Terms
from vouchers.models import FundingSource

PLACE_WORDS = ("hours", "phone", "about_it", "about_en", "access_it", "access_en")


def add_district() -> District:
    """Return the demo district, with all that belongs to no cooperative; what is there stays as it is."""
    content = district_content()
    row = content["district"]
    district, _ = District.objects.get_or_create(slug=row["slug"], defaults=row)
    _add_municipalities(district, content["municipalities"])
    _add_terms(district)
    add_law(content)
    for position, kind in enumerate(content["kinds"], start=1):
        _add_kind(district, kind, position)
    for centre in content["civic_centres"]:
        _add_place(district, centre, Place.Kind.CIVIC_CENTRE)
    for company in content["companies"]:
        _add_company(district, company)
    for source in content["funding_sources"]:
        FundingSource.objects.get_or_create(district=district, name=source["name"])
    from_date: date = content["saving_key"]["from_date"]
    SavingKey.objects.get_or_create(district=district, from_date=from_date)
    return district


def municipality_slug(name: str) -> str:
    """Return ``rivolta-d-adda`` for Rivolta d'Adda: an apostrophe parts words."""
    return slugify(name.replace("'", " "))


def _add_municipalities(district: District, abouts: dict[str, dict[str, str]]) -> None:
    known = set(district.municipalities.values_list("istat_code", flat=True))
    Municipality.objects.bulk_create(
        Municipality(
            district=district,
            istat_code=row["istat_code"],
            cadastral_code=row["cadastral_code"],
            name=row["name"],
            slug=municipality_slug(row["name"]),
            postcode=row["postcode"],
            population=int(row["population"]),
            longitude=row["longitude"],
            latitude=row["latitude"],
            **abouts.get(municipality_slug(row["name"]), {}),
        )
        for row in municipality_rows()
        if row["istat_code"] not in known
    )


def _add_terms(district: District) -> None:
    for row in terms_content():
        words = {name: value for name, value in row.items() if name not in {"text", "version"}}
        Terms.objects.get_or_create(
            district=district, text=row["text"], version=row["version"], defaults=words
        )


def _add_kind(district: District, kind: dict[str, Any], position: int) -> None:
    fields = ("name_it", "name_en", "promise_it", "promise_en", "keywords", "unit")
    row, _ = ServiceKind.objects.get_or_create(
        district=district,
        slug=kind["slug"],
        defaults={"position": position} | {field: kind[field] for field in fields},
    )
    for place, question in enumerate(kind.get("questions", []), start=1):
        row.questions.get_or_create(
            listing=None,
            slug=question["slug"],
            defaults={"position": place} | {k: v for k, v in question.items() if k != "slug"},
        )


def _add_place(district: District, row: dict[str, str], kind: str) -> Place:
    place, _ = Place.objects.get_or_create(
        district=district,
        slug=row["slug"],
        defaults={
            "kind": kind,
            "name": row["name"],
            "street": row["street"],
            "municipality": district.municipalities.get(slug=row["municipality"]),
            **{name: row[name] for name in PLACE_WORDS},
        },
    )
    return place


def _add_company(district: District, row: dict[str, Any]) -> None:
    company, _ = Company.objects.get_or_create(
        vat_number=row["vat_number"], defaults={"district": district, "name": row["name"]}
    )
    place = _add_place(district, row["site"], Place.Kind.COMPANY_SITE)
    Site.objects.get_or_create(place=place, defaults={"company": company})
