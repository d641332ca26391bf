"""Say who goes to a visit: one person, at one place at a time, with the certificates the work asks for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.record import record
from kernel.actor import Actor
from kernel.clock import INSTANT, hour_in_words, moment_in_words, rome_date
from kernel.errors import DomainError
from providers.models import RequiredCertificate, StaffMember, Visit


class VisitOver(DomainError):
    code = "visit_over"
    message = _("This appointment is over: who went to it cannot be changed any more.")


class StaffNotHere(DomainError):
    code = "staff_not_here"
    message = _("This person does not work with you any more. Choose somebody else.")


class StaffElsewhere(DomainError):
    code = "staff_elsewhere"
    message = _(
        "%(name)s is already at another appointment from %(start)s to %(end)s. "
        "Choose somebody else, or move one of the two."
    )


class CertificateMissing(DomainError):
    code = "certificate_missing"
    message = _(
        "%(name)s has no certificate valid on that day for this work: %(certificate)s. "
        "Choose somebody else, or add the certificate first."
    )


def assign_staff(visit_id: int, *, staff_id: int | None, by: Actor, now: datetime) -> Visit:
    """Send the staff member to the visit in place of whoever was to go; None sends nobody for now.

    :raises VisitOver: it is no longer planned.
    :raises StaffNotHere: the person is not, or no more, of the visit's cooperative.
    :raises StaffElsewhere: the person has a visit that overlaps.
    :raises CertificateMissing: one that this kind of service asks for is missing, or not valid that day.
    """
    with transaction.atomic():
        # The visit, then the person: two dispatchers who want one person meet at the second lock.
        visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
        if visit.state != Visit.State.PLANNED:
            raise VisitOver
        if visit.staff_id == staff_id:
            return visit
        if staff_id is not None:
            _check(visit, staff_id)
        before, visit.staff_id = visit.staff_id, staff_id
        visit.save(update_fields=["staff"])
        record(
            "assign_staff",
            subject=f"visit:{visit.pk}",
            district_id=visit.district_id,
            by=by,
            now=now,
            facts={"staff": staff_id, "before": before},
        )
    return visit


def _check(visit: Visit, staff_id: int) -> None:
    staff = (
        StaffMember.objects.select_for_update(no_key=True)
        .filter(pk=staff_id, cooperative=visit.cooperative_id, active=True)
        .first()
    )
    if staff is None:
        raise StaffNotHere
    _check_certificates(visit, staff)
    elsewhere = (
        Visit.objects.filter(staff=staff, period__overlap=visit.period, state__in=Visit.OCCUPIES_STAFF)
        .exclude(pk=visit.pk)
        .order_by("period")
        .first()
    )
    if elsewhere:
        language = get_language() or "it"
        raise StaffElsewhere(
            name=staff.name,
            start=moment_in_words(elsewhere.period.lower, language),
            end=hour_in_words(elsewhere.period.upper, language),
        )


def _check_certificates(visit: Visit, staff: StaffMember) -> None:
    """Check that every certificate asked for is valid on each day of the visit."""
    first, last = rome_date(visit.period.lower), rome_date(visit.period.upper - INSTANT)
    has = set(staff.certificates.covering(first, last).values_list("kind", flat=True))
    needed = RequiredCertificate.objects.filter(kind_slug=visit.slot_hold.slot.listing.kind.slug).order_by(
        "certificate"
    )
    for required in needed:
        if required.certificate not in has:
            raise CertificateMissing(name=staff.name, certificate=required.get_certificate_display())
