from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.clock import is_a_zone
from providers.models.cooperatives import Cooperative

MIDNIGHT = time()


class Weekday(models.IntegerChoices):
    """As Python counts: Monday is 0."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def known_zone(name: str) -> None:
    """Refuse the name of a time zone that is none."""
    if not is_a_zone(name):
        raise ValidationError(_("This is not a time zone: write it like Europe/Rome."))


class WeeklyHoursQuerySet(models.QuerySet["WeeklyHours"]):
    def valid_between(self, first: date, until: date) -> "WeeklyHoursQuerySet":
        """Those that hold on some day of the half-open period."""
        return self.filter(Q(until_date=None) | Q(until_date__gt=first), from_date__lt=until).exclude(
            until_date=F("from_date")
        )


class WeeklyHours(models.Model):
    """When a listing can be booked in a week: hours on the wall of its zone, cut into times of equal length.

    Hours that close no later than they open close on the next day: 22:00 to 2:00, or midnight to midnight.
    They hold from ``from_date`` until the day before ``until_date``.
    """

    listing = models.ForeignKey("listing.Listing", on_delete=models.PROTECT, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()
    zone = models.CharField(max_length=40, default="Europe/Rome", validators=[known_zone])
    capacity = models.PositiveSmallIntegerField()
    slot_minutes = models.PositiveSmallIntegerField()
    holidays_too = models.BooleanField(default=False)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    objects = WeeklyHoursQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "weekly hours"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday_known"),
            models.CheckConstraint(
                condition=~Q(opens=F("closes")) | Q(opens=MIDNIGHT), name="hours_have_a_length"
            ),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="hours_have_a_place"),
            models.CheckConstraint(
                condition=Q(slot_minutes__gt=0, slot_minutes__lte=24 * 60), name="hours_slot_fits_a_day"
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="hours_end_after_start"
            ),
        ]
        indexes = [models.Index(fields=["listing", "from_date"], name="hours_of_a_listing")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class CalendarExceptionQuerySet(models.QuerySet["CalendarException"]):
    def touching(self, first: date, until: date) -> "CalendarExceptionQuerySet":
        """Those about some day of the half-open period."""
        return self.filter(from_date__lt=until, until_date__gt=first)


class CalendarException(models.Model):
    """Days that are not like their week, from ``from_date`` until the day before ``until_date``.

    Without hours the days are closed: for one listing, or for all of the cooperative's. With hours, these stand
    in place of the listing's weekly ones, also on a public holiday. Closed is stronger than other hours.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="calendar_exceptions")
    listing = models.ForeignKey(
        "listing.Listing",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="calendar_exceptions",
    )
    from_date = models.DateField()
    until_date = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=40, default="Europe/Rome", validators=[known_zone])
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    objects = CalendarExceptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gt=F("from_date")), name="exception_of_a_day"),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None, capacity=None, slot_minutes=None)
                | Q(
                    ~Q(opens=F("closes")) | Q(opens=MIDNIGHT),
                    listing__isnull=False,
                    opens__isnull=False,
                    closes__isnull=False,
                    capacity__isnull=False,
                    capacity__gt=0,
                    slot_minutes__isnull=False,
                    slot_minutes__gt=0,
                    slot_minutes__lte=24 * 60,
                ),
                name="exception_closed_or_with_hours",
            ),
            models.UniqueConstraint(
                fields=["cooperative", "from_date", "until_date"],
                condition=Q(opens=None, listing=None),
                name="exception_closes_all_once",
            ),
        ]
        indexes = [models.Index(fields=["cooperative", "until_date"], name="exception_of_a_cooperative")]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.from_date} {'closed' if self.is_closed else 'other hours'}"

    @property
    def is_closed(self) -> bool:
        return self.opens is None
