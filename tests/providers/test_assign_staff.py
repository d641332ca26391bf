"""Who goes to a visit: one person, at one place at a time, with the certificates the work asks for."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditRow
from kernel.actor import Actor
from providers.assign_staff import CertificateMissing, StaffElsewhere, StaffNotHere, VisitOver, assign_staff
from providers.models import Certificate, RequiredCertificate, StaffMember, Visit
from tests.builders import NOW, a_cooperative, a_kind, a_listing, a_user
from tests.providers.calendars import a_staff_member, a_visit, one_then_other
from tests.threads import at_once, without_locks

DESK = Actor.user(7, through="test")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAY_OF_VISIT = date(2026, 11, 25)

pytestmark = pytest.mark.django_db


def assign(visit, staff):
    return assign_staff(visit.pk, staff_id=staff.pk if staff else None, by=DESK, now=NOW)


def nobody_goes_to(visit):
    visit.refresh_from_db()
    return visit.staff_id is None


def a_visit_to_children():
    return a_visit(of=a_listing("Pomeriggi", kind=a_kind("babysitting", "hour")))


def a_certificate_of(staff, *, issued, expires):
    return Certificate.objects.create(
        staff=staff, kind="criminal_record", issued_date=issued, expires_date=expires
    )


def test_a_person_is_sent_and_it_is_recorded_who_sent_them():
    visit, bruna = a_visit(), a_staff_member()

    assign(visit, bruna)

    visit.refresh_from_db()
    row = AuditRow.objects.get(verb="assign_staff")
    assert visit.staff == bruna
    assert (row.who, row.subject) == ("user:7", f"visit:{visit.pk}")
    assert row.facts == {"staff": bruna.pk, "before": None}


def test_saying_it_twice_is_saying_it_once():
    visit, bruna = a_visit(), a_staff_member()

    assign(visit, bruna)
    assign(visit, bruna)

    assert AuditRow.objects.filter(verb="assign_staff").count() == 1


def test_a_person_elsewhere_at_that_time_is_refused_in_words():
    there, here, bruna = a_visit(), a_visit(starts_in=3 * DAY + HOUR), a_staff_member()
    assign(there, bruna)

    with pytest.raises(StaffElsewhere) as refusal:
        assign(here, bruna)

    assert "Bruna" in str(refusal.value)
    assert "10:00" in str(refusal.value)
    assert "12:00" in str(refusal.value)
    assert nobody_goes_to(here)


def test_visits_that_touch_are_one_persons_morning():
    first, second, bruna = a_visit(), a_visit(starts_in=3 * DAY + 2 * HOUR), a_staff_member()

    assign(first, bruna)
    assign(second, bruna)

    assert bruna.visits.count() == 2


def test_visits_with_nobody_may_overlap_and_two_people_may_go_at_once():
    one, other = a_visit(), a_visit()

    assign(one, a_staff_member("Bruna"))
    assign(other, a_staff_member("Carla"))

    assert Visit.objects.filter(staff__isnull=False).count() == 2


def test_taking_a_person_off_frees_them():
    one, other, bruna = a_visit(), a_visit(), a_staff_member()
    assign(one, bruna)

    assign(one, None)
    assign(other, bruna)

    assert nobody_goes_to(one)
    assert list(bruna.visits.all()) == [other]


def test_a_done_visit_still_occupies_who_did_it_and_cannot_be_given_to_another():
    done, other, bruna = a_visit(), a_visit(), a_staff_member()
    assign(done, bruna)
    Visit.objects.filter(pk=done.pk).update(state="done", done_at=NOW)

    with pytest.raises(VisitOver):
        assign(done, a_staff_member("Carla"))
    with pytest.raises(StaffElsewhere):
        assign(other, bruna)

    done.refresh_from_db()
    assert done.staff == bruna
    assert nobody_goes_to(other)


@pytest.mark.parametrize("gone", [{"active": False}, {"cooperative": "Papavero"}])
def test_who_does_not_work_here_is_refused(gone):
    if "cooperative" in gone:
        gone = {"cooperative": a_cooperative("Papavero")}
    visit, stranger = a_visit(), a_staff_member(**gone)

    with pytest.raises(StaffNotHere):
        assign(visit, stranger)

    assert nobody_goes_to(visit)


def test_nobody_goes_to_children_without_the_certificate():
    visit, bruna = a_visit_to_children(), a_staff_member()

    with pytest.raises(CertificateMissing, match="Bruna"):
        assign(visit, bruna)

    assert nobody_goes_to(visit)


@pytest.mark.parametrize(
    ("issued", "expires", "valid"),
    [
        (DAY_OF_VISIT - DAY, DAY_OF_VISIT + DAY, True),
        (DAY_OF_VISIT, DAY_OF_VISIT + DAY, True),
        (DAY_OF_VISIT - DAY, DAY_OF_VISIT, False),
        (DAY_OF_VISIT + DAY, DAY_OF_VISIT + 9 * DAY, False),
    ],
)
def test_the_certificate_counts_on_the_day_of_the_visit(issued, expires, valid):
    visit, bruna = a_visit_to_children(), a_staff_member()
    a_certificate_of(bruna, issued=issued, expires=expires)

    if valid:
        assign(visit, bruna)
    else:
        with pytest.raises(CertificateMissing):
            assign(visit, bruna)

    assert nobody_goes_to(visit) is not valid


def test_a_night_visit_needs_the_certificate_until_it_ends():
    visit, bruna = a_visit_to_children(), a_staff_member()
    night = (NOW + 3 * DAY + 13 * HOUR, NOW + 3 * DAY + 15 * HOUR)  # 23:00 to 1:00 in Rome
    Visit.objects.filter(pk=visit.pk).update(period=night)
    a_certificate_of(bruna, issued=DAY_OF_VISIT - DAY, expires=DAY_OF_VISIT + DAY)

    with pytest.raises(CertificateMissing):
        assign(visit, bruna)

    Visit.objects.filter(pk=visit.pk).update(period=(night[0], night[1] - HOUR))  # until midnight
    assign(visit, bruna)
    assert not nobody_goes_to(visit)


def test_other_work_asks_for_no_certificate_and_the_law_is_in_the_migration():
    assert list(RequiredCertificate.objects.values_list("kind_slug", "certificate")) == [
        ("babysitting", "criminal_record")
    ]

    visit = a_visit()
    assign(visit, a_staff_member())

    assert not nobody_goes_to(visit)


def test_a_user_is_one_active_staff_member():
    a_staff_member(user=a_user())
    a_staff_member(user=a_user(), active=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        a_staff_member(user=a_user())

    assert StaffMember.objects.count() == 2


# --- Two dispatchers -----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_want_one_person_and_one_is_told_in_words():
    visits, bruna = [a_visit(), a_visit(starts_in=3 * DAY + HOUR)], a_staff_member()

    results = at_once(2, lambda number: assign(visits[number], bruna))

    assert sum(isinstance(result, Visit) for result in results) == 1
    assert sum(isinstance(result, StaffElsewhere) for result in results) == 1
    assert bruna.visits.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_database_itself_must_refuse():
    one, other, bruna = a_visit(), a_visit(), a_staff_member()

    with without_locks():
        _, second = one_then_other(lambda: assign(one, bruna), lambda: assign(other, bruna))

    assert isinstance(second, IntegrityError)
    assert second.__cause__.diag.constraint_name == "visit_staff_not_twice"
    assert bruna.visits.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_send_different_people_to_one_visit_and_the_last_word_is_recorded():
    visit, people = a_visit(), [a_staff_member("Bruna"), a_staff_member("Carla")]

    at_once(2, lambda number: assign(visit, people[number]))

    visit.refresh_from_db()
    last = AuditRow.objects.filter(verb="assign_staff").order_by("-pk")[0]
    assert last.facts == {
        "staff": visit.staff_id,
        "before": next(person.pk for person in people if person.pk != visit.staff_id),
    }
