"""The terms of sale and the privacy notice, version by version, on the day in Rome."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kernel.clock import rome_date
from people.models import User
from territory.models import Terms
from territory.prose import Paragraph, paragraphs
from territory.terms_of import terms_of
from tests.builders import a_district

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 1)


def a_version(number: int, from_date: date, *, text: str = "conditions") -> Terms:
    return Terms.objects.create(
        district=a_district(),
        text=text,
        version=number,
        from_date=from_date,
        changes_it=f"Novità {number}",
        changes_en=f"News {number}",
        body_it=f"Parole {number}\n\n## Chi vende\n\nLa cooperativa.",
        body_en=f"Words {number}",
    )


def days_from_now(days: int) -> date:
    return rome_date(timezone.now()) + timedelta(days=days)


def page(name: str, *args: object, language: str = "it") -> str:
    client = Client(headers={"accept-language": language})
    answer = client.get(reverse(f"storefront:{name}", args=["cremasco", *args]))
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        (datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC), 1),  # 23:59:59 in Rome
        (datetime(2026, 5, 31, 22, 0, tzinfo=UTC), 2),  # midnight in Rome, still May in UTC
        (datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC), 2),  # in winter Rome is one hour ahead
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), 3),
    ],
)
def test_a_version_begins_at_midnight_in_rome(moment, version):
    for number, day in enumerate((FIRST, SECOND, THIRD), start=1):
        a_version(number, day)

    found = terms_of(a_district(), "conditions", today=rome_date(moment))

    assert found.in_force is not None
    assert found.in_force.terms.version == version


def test_each_version_knows_its_last_day():
    a_version(1, FIRST), a_version(2, SECOND), a_version(3, THIRD)

    found = terms_of(a_district(), "conditions", today=SECOND)

    assert [(row.terms.version, row.last_date, row.is_coming) for row in found.rows] == [
        (3, None, True),
        (2, date(2026, 11, 30), False),
        (1, date(2026, 5, 31), False),
    ]


def test_the_page_shows_the_version_in_force_what_changed_and_the_others():
    a_version(1, days_from_now(-30)), a_version(2, days_from_now(0)), a_version(3, days_from_now(9))

    shown = page("terms")

    assert "Parole 2" in shown
    assert "<h2>Chi vende</h2>" in shown
    assert "Novità 2" in shown
    assert "/cremasco/condizioni/1/" in shown
    assert "/cremasco/condizioni/3/" in shown
    assert "Words 2" in page("terms", language="en")


def test_a_coming_version_is_shown_as_not_in_force():
    a_version(1, days_from_now(-30)), a_version(2, days_from_now(1))

    assert "Non ancora in vigore" in page("terms_version", 2)
    assert "Parole 1" in page("terms")


def test_an_earlier_version_stays_readable_and_leads_to_the_one_in_force():
    a_version(1, days_from_now(-30)), a_version(2, days_from_now(-1))

    earlier = page("terms_version", 1)

    assert "Parole 1" in earlier
    assert "Una versione di prima" in earlier
    assert 'href="/cremasco/condizioni/"' in earlier


def test_without_a_version_the_page_says_whom_to_ask():
    a_district()

    assert "Nessuna versione è ancora in vigore." in page("terms")
    assert "0373 000 000" in page("privacy")


def test_where_only_a_coming_version_exists_the_page_says_so_and_leads_there():
    a_version(1, days_from_now(3))

    shown = page("terms")

    assert "Nessuna versione è ancora in vigore." in shown
    assert "/cremasco/condizioni/1/" in shown


@pytest.mark.parametrize("number", ["7", "0", "99999999999999999999"])
def test_a_version_that_does_not_exist_is_not_there(number):
    a_version(1, days_from_now(-1))

    assert Client().get(f"/cremasco/condizioni/{number}/").status_code == 404


def test_the_privacy_notice_has_versions_of_its_own():
    a_version(1, days_from_now(-1)), a_version(4, days_from_now(-1), text="privacy")

    assert "Parole 4" in page("privacy")
    assert "Parole 4" in page("privacy_version", 4)
    assert Client().get("/cremasco/privacy/1/").status_code == 404


# --- Nothing is changed once in force ----------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, -1], ids=["on its first day", "later"])
def test_the_database_refuses_to_change_or_delete_a_version_in_force(days):
    terms = a_version(1, days_from_now(days))

    for act in (lambda: Terms.objects.update(body_it="Altro"), lambda: Terms.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    terms.refresh_from_db()
    assert terms.body_it.startswith("Parole 1")


def test_a_coming_version_may_still_be_changed_and_deleted():
    a_version(1, days_from_now(1))

    Terms.objects.update(body_it="Altro")
    assert Terms.objects.get().body_it == "Altro"

    Terms.objects.all().delete()
    assert not Terms.objects.exists()


def test_a_later_number_cannot_begin_on_an_earlier_day():
    a_version(2, days_from_now(5))

    with pytest.raises(IntegrityError), transaction.atomic():
        a_version(3, days_from_now(4))
    with pytest.raises(IntegrityError), transaction.atomic():
        a_version(1, days_from_now(6))

    assert Terms.objects.count() == 1


# --- In the administration ---------------------------------------------------------------------------------


def an_officer() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("staff@example.org", "prova-prova-1"))
    return client


def form_of(number: int, from_date: date) -> dict[str, object]:
    return {
        "district": a_district().pk,
        "text": "conditions",
        "version": number,
        "from_date": from_date.isoformat(),
        "body_it": "Parole",
        "body_en": "Words",
    }


def test_the_administration_shows_a_version_in_force_without_a_way_to_change_or_delete_it():
    terms = a_version(1, days_from_now(-1))
    officer = an_officer()
    address = reverse("admin:territory_terms_change", args=[terms.pk])

    shown = officer.get(address).content.decode()
    saved = officer.post(address, form_of(1, days_from_now(-1)))
    deleted = officer.post(reverse("admin:territory_terms_delete", args=[terms.pk]), {"post": "yes"})

    assert 'name="_save"' not in shown
    assert (saved.status_code, deleted.status_code) == (403, 403)
    assert Terms.objects.get().body_it.startswith("Parole 1")


def test_many_versions_cannot_be_deleted_at_once():
    a_version(1, days_from_now(-1))

    assert (
        "delete_selected"
        not in an_officer().get(reverse("admin:territory_terms_changelist")).content.decode()
    )


def test_the_first_version_may_begin_at_once_and_the_next_one_from_tomorrow():
    add = reverse("admin:territory_terms_add")
    officer = an_officer()

    officer.post(add, form_of(1, days_from_now(0)))
    today = officer.post(add, form_of(2, days_from_now(0)))
    assert "al più presto da domani" in today.content.decode()
    assert Terms.objects.count() == 1

    officer.post(add, form_of(2, days_from_now(1)))
    assert Terms.objects.count() == 2


def test_the_administration_says_in_words_that_numbers_and_days_go_the_same_way():
    a_version(2, days_from_now(5))

    answer = an_officer().post(reverse("admin:territory_terms_add"), form_of(1, days_from_now(6)))

    assert "nello stesso ordine" in answer.content.decode()
    assert Terms.objects.count() == 1


def test_prose_is_read_as_paragraphs_and_headings_whatever_ends_its_lines():
    assert paragraphs("Uno\r\ndue\r\n\r\n## Titolo\n \nTre\n\n\n") == [
        Paragraph("Uno\ndue"),
        Paragraph("Titolo", is_heading=True),
        Paragraph("Tre"),
    ]
