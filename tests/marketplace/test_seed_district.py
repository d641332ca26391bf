"""``seed_district``: the demo district, complete, sane, and the same however often it is run."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.urls import resolve
from oscar.apps.catalogue.models import Category, Option, Product
from oscar.apps.partner.models import StockRecord
from pytest_django import Settings
from stdnum.it import iva

from catalogue.models import Listing
from companies.models import Company, CompanyMember, Site
from kernel.clock import ROME, rome_date, rome_midnight
from marketplace.demo.content import cooperatives_content, people_content
from marketplace.demo.logins import PASSWORD
from marketplace.demo.seed import seed_district
from marketplace.demo.timetable import AHEAD, periods
from people.models import DistrictRole, User
from providers.models import Cooperative, CooperativeMember, Slot
from territory.models import District, Municipality, Place

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
# Gross cents per unit, from lowest to highest; what the field pays.
PLAUSIBLE = {
    "stireria": (350, 950),
    "maggiordomo": (700, 1500),
    "babysitting": (1600, 2200),
    "pulizie": (2000, 2800),
    "corsi": (500, 2000),
}


def seed(today: date = TODAY, *, with_people: bool = False) -> dict[str, tuple[int, int]]:
    """Seed, and return what was found and added."""
    tallies = seed_district(now=rome_midnight(today), with_people=with_people)
    return {tally.what: (tally.found, tally.added) for tally in tallies}


def sentences() -> Iterator[str]:
    """Return every sentence that a cooperative says to families."""
    for cooperative in cooperatives_content():
        texts = [cooperative.story]
        for listing in cooperative.listings:
            texts += [listing.description, listing.includes, listing.needs]
        for text in texts:
            yield from re.split(r"(?<=[.?!:]) ", text)


def test_the_second_time_changes_nothing() -> None:
    first = seed(with_people=True)
    rows = list(Slot.objects.order_by("pk").values()), list(Listing.objects.order_by("pk").values())

    second = seed(with_people=True)

    assert second == {what: (found, 0) for what, (found, _) in first.items()}
    assert (list(Slot.objects.order_by("pk").values()), list(Listing.objects.order_by("pk").values())) == rows
    assert Product.objects.count() == StockRecord.objects.count() == Listing.objects.count()
    assert Category.objects.count() == 5
    assert Option.objects.filter(code="booking").count() == 1


def test_the_district_has_its_municipalities_and_what_belongs_to_it() -> None:
    seed()

    district = District.objects.get(slug="cremasco")
    assert district.municipalities.count() == Municipality.objects.count() == 48
    assert district.municipalities.get(name="Rivolta d'Adda").slug == "rivolta-d-adda"
    assert [kind.slug for kind in district.service_kinds.order_by("position")] == list(PLAUSIBLE)
    assert district.cooperatives.count() == 6
    assert district.places.filter(kind=Place.Kind.CIVIC_CENTRE).count() == 4
    assert Site.objects.filter(place__kind=Place.Kind.COMPANY_SITE).count() == Company.objects.count() == 3
    assert district.funding_sources.exists()
    assert district.saving_keys.get().from_date == date(2026, 1, 1)


def test_every_municipality_finds_ironing_and_babysitting() -> None:
    seed()

    for municipality in Municipality.objects.all():
        kinds = set(Listing.objects.on_sale().serving(municipality.pk).values_list("kind__slug", flat=True))
        assert {"stireria", "babysitting"} <= kinds, municipality.name


def test_every_cooperative_serves_its_own_seat() -> None:
    seed()

    for cooperative in cooperatives_content():
        for content in cooperative.listings:
            listing = Listing.objects.get(slug=content.slug)
            assert listing.area.filter(slug=cooperative.seat).exists(), content.slug
            assert listing.area.count() == (content.reach or 48)


def test_forty_listings_have_sane_prices_and_quantities() -> None:
    seed()

    listings = list(Listing.objects.with_offer())
    assert len(listings) == 40
    assert len({listing.title for listing in listings}) == 40
    for listing in listings:
        lowest, highest = PLAUSIBLE[listing.kind.slug]
        assert lowest <= listing.unit_price_cents <= highest, listing.slug
        assert listing.vat_bp_on(TODAY) == (500 if listing.kind.slug == "babysitting" else 2200), listing.slug
        assert listing.minimum_milli % listing.step_milli == 0, listing.slug
        assert listing.maximum_milli % listing.step_milli == 0, listing.slug
        assert 24 <= listing.lead_time_hours <= 48, listing.slug
        assert all([listing.includes, listing.needs, listing.description]), listing.slug


def test_a_booking_by_the_hour_fits_into_the_time_that_was_chosen() -> None:
    seed()

    for listing in Listing.objects.filter(kind__unit="hour"):
        shortest = min(slot.ends_at - slot.starts_at for slot in listing.slots.all())
        assert listing.maximum_milli <= shortest / timedelta(hours=1) * 1000, listing.slug


def test_everybody_s_vat_number_passes_the_check_and_is_plainly_invented() -> None:
    seed()

    numbers = [
        *Cooperative.objects.values_list("vat_number", flat=True),
        *Company.objects.values_list("vat_number", flat=True),
    ]
    assert len(set(numbers)) == 9
    assert all(iva.is_valid(number) and number.startswith("99999") for number in numbers)


def test_every_listing_can_be_booked_in_the_coming_four_weeks() -> None:
    seed()

    days = [rome_date(slot.starts_at) for slot in Slot.objects.all()]
    assert min(days) > TODAY
    assert max(days) <= TODAY + AHEAD
    assert not Listing.objects.filter(slots=None).exists()
    assert date(2026, 12, 8) not in days  # a public holiday
    assert set(Slot.objects.values_list("capacity", flat=True)) == {1, 2, 3, 4}


def test_a_later_day_adds_days_and_touches_none() -> None:
    seed()
    sold = Slot.objects.earliest("period")
    Slot.objects.filter(pk=sold.pk).update(taken=F("capacity"))
    before = list(Slot.objects.order_by("pk").values())

    seed(TODAY + timedelta(days=7))

    assert list(Slot.objects.filter(pk__lte=before[-1]["id"]).order_by("pk").values()) == before
    assert {rome_date(slot.starts_at) for slot in Slot.objects.filter(pk__gt=before[-1]["id"])} <= {
        TODAY + AHEAD + timedelta(days=n) for n in range(1, 8)
    }


def test_a_time_that_was_moved_stays_where_it_was_put() -> None:
    seed()
    moved = Slot.objects.earliest("period")
    half_past = (moved.starts_at + timedelta(minutes=30), moved.ends_at)
    Slot.objects.filter(pk=moved.pk).update(period=half_past)

    again = seed()

    assert again["slots"][1] == 0
    moved.refresh_from_db()
    assert (moved.starts_at, moved.ends_at) == half_past


@pytest.mark.parametrize(
    ("today", "before", "after"),
    [
        (date(2026, 10, 20), datetime(2026, 10, 24, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (date(2027, 3, 20), datetime(2027, 3, 27, 8, tzinfo=UTC), datetime(2027, 3, 29, 7, tzinfo=UTC)),
    ],
    ids=["autumn", "spring"],
)
def test_nine_o_clock_is_nine_o_clock_whatever_the_season(
    today: date, before: datetime, after: datetime
) -> None:
    found = periods(["lun-sab 9:00-11:00"], today=today)

    assert {start.astimezone(ROME).hour for start, _ in found} == {9}
    assert {before, after} <= {start for start, _ in found}
    assert all(end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=2) for start, end in found)


def test_the_timetable_reads_ranges_lists_and_closed_days() -> None:
    monday = date(2026, 11, 30)
    found = periods(
        ["lun-mer 9:00-11:00 14:30-16:00", "gio,sab 10:00-12:00"],
        today=monday - timedelta(days=1),
        closed_days={"12-01"},
    )

    first_week = [f"{start:%a %H:%M}-{end:%H:%M}" for start, end in found if start.date() < date(2026, 12, 7)]
    assert first_week == [
        "Mon 09:00-11:00",
        "Mon 14:30-16:00",
        "Wed 09:00-11:00",
        "Wed 14:30-16:00",
        "Thu 10:00-12:00",
        "Sat 10:00-12:00",
    ]


def test_sentences_are_short_and_keep_clear_of_the_words_that_mean_something_else() -> None:
    traps = re.compile(r"\b(fascia|quota|sconto|offerta|giro|credito|voucher|si prega|ops)\b", re.IGNORECASE)

    for sentence in sentences():
        assert len(sentence.split()) <= 15, sentence
        assert not traps.search(sentence), sentence


def test_demo_lets_everybody_in_and_writes_down_who(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    told = StringIO()

    call_command("seed_district", demo=True, stdout=told)

    logins = (tmp_path / "data/demo-logins.txt").read_text(encoding="utf-8")
    assert logins in told.getvalue()
    assert PASSWORD in logins
    for person in people_content():
        assert person["email"] in logins
        assert person["email"].endswith("@example.org")
        if place := person.get("goes_to"):
            resolve(place)
    assert User.objects.filter(is_superuser=True, is_staff=True).count() == 1
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
    assert set(DistrictRole.objects.values_list("role", flat=True)) == set(DistrictRole.Role.values)
    assert CooperativeMember.objects.filter(role="owner").count() == 6
    assert CooperativeMember.objects.filter(cooperative__slug="girasole").count() == 3
    assert CompanyMember.objects.filter(role="hr").count() == 3
    family = authenticate(None, email="famiglia.bianchi@example.org", password=PASSWORD)
    assert family == User.objects.get(email="famiglia.bianchi@example.org")


def test_without_demo_nobody_can_log_in(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    call_command("seed_district", verbosity=0)

    assert not User.objects.exists()
    assert not list(tmp_path.iterdir())


def test_demo_is_refused_in_production(settings: Settings, tmp_path: Path) -> None:
    settings.PRODUCTION = True
    settings.DATA_DIR = tmp_path

    with pytest.raises(CommandError):
        call_command("seed_district", demo=True)

    assert not District.objects.exists()
    assert not User.objects.exists()
    assert not list(tmp_path.iterdir())
