from datetime import datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kernel.codes import new_code
from kernel.moving import Moving


class Cooperative(models.Model):
    """A seller: an Oscar partner, with what families need to know and what its contract says."""

    partner = models.OneToOneField("partner.Partner", on_delete=models.PROTECT, related_name="cooperative")
    districts = models.ManyToManyField("territory.District", related_name="cooperatives")
    slug = models.SlugField(max_length=80, unique=True)
    story = models.TextField(blank=True)
    phone = models.CharField(max_length=20)
    email = models.EmailField()
    vat_number = models.CharField(max_length=11, unique=True)
    commission_bp = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commission_bp__lte=3000), name="cooperative_commission_plausible"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.partner.name)


class CooperativeMember(models.Model):
    """Who works at a cooperative's desk."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        DISPATCHER = "dispatcher", _("Dispatcher")
        OPERATOR = "operator", _("Operator")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="members")
    user = models.OneToOneField("people.User", on_delete=models.PROTECT, related_name="cooperative_member")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["owner", "dispatcher", "operator"]), name="cooperative_role_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.cooperative}"


class SlotQuerySet(models.QuerySet["Slot"]):
    def bookable(self, now: datetime, *, within: timedelta) -> "SlotQuerySet":
        """Those with a place that the listing's lead time still allows; annotated with their ``start``."""
        lead = F("listing__lead_time_hours") * Value(timedelta(hours=1))
        earliest = ExpressionWrapper(
            Value(now, output_field=models.DateTimeField()) + lead, output_field=models.DateTimeField()
        )
        # The bare bound on ``now`` lets the index by start do its work before the listings are asked.
        return (
            self.annotate(start=Lower("period"))
            .filter(taken__lt=F("capacity"), start__gte=now, start__lt=now + within)
            .filter(start__gte=earliest)
        )


class Slot(models.Model):
    """A time that can be booked of a listing: so many places, so many taken, never more."""

    listing = models.ForeignKey("listing.Listing", on_delete=models.PROTECT, related_name="slots")
    period = DateTimeRangeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="slot_not_oversold"),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="slot_has_a_length",
            ),
            ExclusionConstraint(
                name="slots_of_a_listing_apart",
                expressions=[("listing", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [models.Index(F("listing"), Lower("period"), name="slot_by_start")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.period}"

    @property
    def starts_at(self) -> datetime:
        return self.period.lower  # type: ignore[no-any-return]

    @property
    def ends_at(self) -> datetime:
        return self.period.upper  # type: ignore[no-any-return]

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class SlotHold(Moving, models.Model):
    """Places of a slot kept for somebody: while in the basket, while being paid, then for good.

    A kept hold lapses at ``until``. A placed one follows the payment page: only the end of the payment ends it.
    """

    class State(models.TextChoices):
        KEPT = "kept"
        PLACED = "placed"
        TAKEN = "taken"
        RELEASED = "released"

    MOVES = {
        State.KEPT: {State.PLACED, State.RELEASED},
        State.PLACED: {State.TAKEN, State.RELEASED},
        State.TAKEN: {State.RELEASED},
        State.RELEASED: (),
    }

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="holds")
    places = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.KEPT)
    keeper = models.CharField(max_length=64)
    until = models.DateTimeField()
    extensions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="slot_hold_of_a_place"),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "placed", "taken", "released"]), name="slot_hold_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["until"], name="slot_hold_kept_until", condition=Q(state="kept")),
            models.Index(fields=["keeper"], name="slot_hold_of_a_keeper", condition=Q(state="kept")),
        ]

    def __str__(self) -> str:
        return f"{self.places} of {self.slot_id} for {self.keeper}: {self.state}"

    def has_lapsed(self, now: datetime) -> bool:
        return self.state == self.State.KEPT and self.until <= now


def new_service_code() -> str:
    return new_code(6)


class Visit(Moving, models.Model):
    """An appointment of a cooperative: planned, then done when the family's service code proves it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")

    MOVES = {State.PLANNED: {State.DONE}, State.DONE: ()}

    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="visits")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="visits")
    slot_hold = models.OneToOneField(SlotHold, on_delete=models.PROTECT, related_name="visit")
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
        ]
        indexes = [
            models.Index(F("cooperative"), Lower("period"), name="visit_by_start"),
            GistIndex(fields=["period"], name="visit_period"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} {self.state}"
