"""Seed one person for every role, all with the same well-known password, and say who they are."""

import os
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from companies.models import Company, CompanyMember
from marketplace.demo.content import people_content
from people.models import DistrictRole, User
from providers.models import Cooperative, CooperativeMember
from territory.models import District

PASSWORD = "prova-2026-cremasco"  # noqa: S105 - fixed and public, never used in production
NO_PAGE = "no page of its own yet"


def add_people(district: District) -> None:
    """Add the people who are missing, with their role, able to log in at once."""
    rows = people_content()
    known = set(User.objects.filter(email__in=[row["email"] for row in rows]).values_list("email", flat=True))
    missing = [row for row in rows if row["email"] not in known]
    # Hashing is slow on purpose: once is enough for a password everybody knows.
    hashed = make_password(PASSWORD) if missing else ""
    for row in missing:
        _add_role(_add_user(row, hashed), row, district)


def logins_in_words() -> str:
    """Return the table of who logs in, with what, and where each goes."""
    table = [("role", "e-mail", "where to go")]
    table += [(row["who"], row["email"], row.get("goes_to", NO_PAGE)) for row in people_content()]
    widths = [max(len(row[column]) for row in table) for column in (0, 1)]
    lines = [f"{who:{widths[0]}}  {email:{widths[1]}}  {where}" for who, email, where in table]
    return "\n".join([f"Everybody's password: {PASSWORD}", "", *lines, ""])


def write_logins(path: Path) -> str:
    """Write the table to a file, whole or not at all, and return it."""
    text = logins_in_words()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return text


def _add_user(row: dict[str, Any], hashed: str) -> User:
    platform = row.get("platform", False)
    user = User.objects.create(email=row["email"], password=hashed, is_staff=platform, is_superuser=platform)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _add_role(user: User, row: dict[str, Any], district: District) -> None:
    if role := row.get("district_role"):
        DistrictRole.objects.create(user=user, district=district, role=role)
    if place := row.get("cooperative"):
        cooperative = Cooperative.objects.get(slug=place["slug"])
        CooperativeMember.objects.create(user=user, cooperative=cooperative, role=place["role"])
    if place := row.get("company"):
        company = Company.objects.get(vat_number=place["vat_number"])
        CompanyMember.objects.create(user=user, company=company, role=place["role"])
