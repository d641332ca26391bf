from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kernel.codes import new_code
from kernel.moving import Moving
from providers.models.cooperatives import Cooperative
from providers.models.slots import SlotHold
from providers.models.staff import StaffMember


def new_service_code() -> str:
    return new_code(6)


class Visit(Moving, models.Model):
    """An appointment of a cooperative: planned, then done when the family's service code proves it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")

    MOVES = {State.PLANNED: {State.DONE}, State.DONE: ()}

    # A done one counts too: nobody was proved to be in two places at once.
    OCCUPIES_STAFF = (State.PLANNED, State.DONE)

    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="visits")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="visits")
    slot_hold = models.OneToOneField(SlotHold, on_delete=models.PROTECT, related_name="visit")
    staff = models.ForeignKey(
        StaffMember, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    period = DateTimeRangeField()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    service_code = models.CharField(max_length=6, default=new_service_code)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["planned", "done"]), name="visit_state_known"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | Q(~Q(state="done"), done_at=None),
                name="visit_done_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="visit_has_a_length",
            ),
            ExclusionConstraint(
                name="visit_staff_not_twice",
                expressions=[("staff", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(staff__isnull=False, state__in=["planned", "done"]),
                violation_error_message=_("This person is already at another appointment at that time."),
            ),
        ]
        indexes = [
            models.Index(F("cooperative"), Lower("period"), name="visit_by_start"),
            GistIndex(fields=["period"], name="visit_period"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} {self.state}"
