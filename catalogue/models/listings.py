from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.kinds import ServiceKind
from catalogue.models.law import TaxProfile, WithdrawalProfile, WithdrawalRule
from kernel import quantity
from kernel.money import THOUSANDTHS, Cents, price_of


class ListingQuerySet(models.QuerySet["Listing"]):
    def on_sale(self) -> "ListingQuerySet":
        return self.filter(state=Listing.State.PUBLISHED, kind__isnull=False)

    def serving(self, municipality_id: int) -> "ListingQuerySet":
        return self.filter(area=municipality_id)

    def with_offer(self) -> "ListingQuerySet":
        """With all a page shows of it, in one query."""
        return self.select_related("kind", "stockrecord__partner__cooperative")


class Listing(models.Model):
    """A service on offer: one Oscar product of one cooperative, with one stock record, and what Oscar lacks.

    The price is gross cents per unit and lives here alone; quantities are thousandths of the kind's unit. The
    words are the cooperative's, in Italian, with English where it wrote some; Oscar's product has a copy of
    the title.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", _("Published")
        PAUSED = "paused", _("Paused")

    kind = models.ForeignKey(ServiceKind, on_delete=models.PROTECT, related_name="listings")
    stockrecord = models.OneToOneField(
        "partner.StockRecord", on_delete=models.PROTECT, related_name="listing"
    )
    slug = models.SlugField(max_length=100, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    includes = models.TextField(blank=True)
    includes_en = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    needs_en = models.TextField(blank=True)
    unit_price_cents = models.PositiveBigIntegerField()
    tax_profile = models.ForeignKey(TaxProfile, on_delete=models.PROTECT, related_name="listings")
    withdrawal_profile = models.ForeignKey(
        WithdrawalProfile, on_delete=models.PROTECT, related_name="listings"
    )
    minimum_milli = models.PositiveIntegerField()
    maximum_milli = models.PositiveIntegerField()
    step_milli = models.PositiveIntegerField(default=1000)
    lead_time_hours = models.PositiveSmallIntegerField(default=24)
    area = models.ManyToManyField("territory.Municipality", related_name="listings")
    places = models.ManyToManyField("territory.Place", related_name="listings", blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["published", "paused"]), name="listing_state_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="listing_has_a_title"),
            models.CheckConstraint(condition=Q(unit_price_cents__gt=0), name="listing_has_a_price"),
            models.CheckConstraint(condition=Q(minimum_milli__gt=0), name="listing_minimum_positive"),
            models.CheckConstraint(condition=Q(step_milli__gt=0), name="listing_step_positive"),
            models.CheckConstraint(
                condition=Q(maximum_milli__gte=models.F("minimum_milli")),
                name="listing_maximum_above_minimum",
            ),
        ]
        indexes = [models.Index(fields=["kind", "state"], name="listing_on_sale")]

    def __str__(self) -> str:
        return self.slug

    @property
    def partner_id(self) -> int:
        return int(self.stockrecord.partner_id)

    def places_for(self, quantity_milli: int) -> int:
        """Return how many of a slot's places a quantity takes: each place of a class one, anything else one."""
        return -(-quantity_milli // THOUSANDTHS) if self.kind.unit == quantity.PLACE else 1

    def price_of(self, quantity_milli: int) -> Cents:
        """Return the list price of a quantity, gross."""
        return price_of(self.unit_price_cents, quantity_milli)

    def vat_bp_on(self, day: date) -> int:
        """Return the VAT contained in the price on that day, in basis points."""
        return self.tax_profile.vat_bp_on(day)

    def withdrawal_on(self, day: date) -> WithdrawalRule:
        """Return the consumer's right to withdraw from a contract made on that day."""
        return self.withdrawal_profile.rule_on(day)
