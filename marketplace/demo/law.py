"""Seed what the law says of the services: VAT and withdrawal, by dates."""

from datetime import date
from typing import Any

from psycopg.types.range import Range

from catalogue.models import TaxProfile, WithdrawalProfile


def add_law(content: dict[str, Any]) -> None:
    """Add the profiles that are missing; what is there stays as it is."""
    for row in content["tax_profiles"]:
        tax, is_new = TaxProfile.objects.get_or_create(slug=row["slug"], defaults=_names(row))
        for rate in row["rates"] if is_new else []:
            tax.rates.create(**_dated(rate))
    for row in content["withdrawal_profiles"]:
        withdrawal, is_new = WithdrawalProfile.objects.get_or_create(slug=row["slug"], defaults=_names(row))
        for rule in row["rules"] if is_new else []:
            withdrawal.rules.create(**_dated(rule))


def _names(row: dict[str, Any]) -> dict[str, str]:
    return {"name_it": row["name_it"], "name_en": row["name_en"]}


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with its half-open days instead of their two ends."""
    from_date: date = row["from_date"]
    days = Range(from_date, row.get("until_date"))
    return {"in_force": days} | {k: v for k, v in row.items() if k not in {"from_date", "until_date"}}
