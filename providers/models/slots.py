from datetime import datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Lower

from kernel.moving import Moving


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

    def beginning(self, first: datetime, until: datetime) -> "SlotQuerySet":
        """Those that begin in the half-open period; annotated with their ``start``."""
        return self.annotate(start=Lower("period")).filter(start__gte=first, start__lt=until)

    def shut(self, now: datetime) -> None:
        """Sell no more places of locked slots: what is taken stays, what is given back is gone."""
        self.update(closed_at=now, capacity=F("taken"))

    def offer(self, capacity: int) -> None:
        """Sell this many places of locked slots of which none is taken."""
        self.update(closed_at=None, capacity=capacity)


class Slot(models.Model):
    """A time that can be booked of a listing: so many places, so many taken, never more.

    A closed one keeps what is taken and offers nothing: by trigger, a place given back leaves with its holder.
    Nothing is deleted: one without a place is in nobody's way.
    """

    listing = models.ForeignKey("listing.Listing", on_delete=models.PROTECT, related_name="slots")
    period = DateTimeRangeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

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
                condition=Q(capacity__gt=0),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(capacity__lte=F("taken")), name="slot_closed_offers_nothing"
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
    Who is behind it (a signed-in person, and a keyed hash of the network address) is known only until it is paid
    or given back: limits ask for it, and nothing else.
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
    person = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="slot_hold_of_a_place"),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "placed", "taken", "released"]), name="slot_hold_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "placed"]) | Q(person="", address=""),
                name="slot_hold_ended_knows_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], name="slot_hold_kept_until", condition=Q(state="kept")),
            models.Index(fields=["keeper"], name="slot_hold_of_a_keeper", condition=Q(state="kept")),
            models.Index(fields=["person"], name="slot_hold_of_a_person", condition=~Q(person="")),
            models.Index(fields=["address"], name="slot_hold_of_an_address", condition=~Q(address="")),
        ]

    def __str__(self) -> str:
        return f"{self.places} of {self.slot_id} for {self.keeper}: {self.state}"

    def end(self, state: str) -> None:
        """Take it for good, or give it up, and forget who was behind it; the caller holds its slot's lock."""
        self.move_to(state)
        self.person = self.address = ""
        self.save(update_fields=["state", "person", "address"])

    def is_kept(self, now: datetime) -> bool:
        return self.state == self.State.KEPT and now < self.until

    def has_lapsed(self, now: datetime) -> bool:
        return self.state == self.State.KEPT and self.until <= now
