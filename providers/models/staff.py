from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models.cooperatives import Cooperative


class CertificateKind(models.TextChoices):
    CRIMINAL_RECORD = "criminal_record", _("Criminal-record certificate for work with minors")


class StaffMember(models.Model):
    """Who goes to families for a cooperative; with a user only where they work with the programme."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="staff_members"
    )
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(active=True), name="staff_user_active_once")
        ]

    def __str__(self) -> str:
        return self.name


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def covering(self, first: date, last: date) -> "CertificateQuerySet":
        """Those issued by the first of these days and not expired on the last."""
        return self.filter(issued_date__lte=first, expires_date__gt=last)


class Certificate(models.Model):
    """What a staff member has shown; ``expires_date`` is the first day on which it counts no more."""

    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=24, choices=CertificateKind)
    issued_date = models.DateField()
    expires_date = models.DateField()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["criminal_record"]), name="certificate_kind_known"),
            models.CheckConstraint(condition=Q(expires_date__gt=F("issued_date")), name="certificate_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.kind} until {self.expires_date}"


class RequiredCertificate(models.Model):
    """Which certificate the law, or the district, asks of whoever serves a kind of service."""

    kind_slug = models.SlugField()
    certificate = models.CharField(max_length=24, choices=CertificateKind)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind_slug", "certificate"], name="required_certificate_once"),
            models.CheckConstraint(
                condition=Q(certificate__in=["criminal_record"]), name="required_certificate_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_slug} needs {self.certificate}"
