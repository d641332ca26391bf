from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import quantity
from kernel.money import THOUSANDTHS, Cents, price_of


class ServiceKind(models.Model):
    """A kind of service a district offers, with the unit it is counted in.

    Names exist in Italian and English: they are the district's content, not the program's words.
    """

    class Unit(models.TextChoices):
        KILO = quantity.KILO, _("kg")
        PIECE = quantity.PIECE, _("pieces")
        HOUR = quantity.HOUR, _("hours")
        ERRAND = quantity.ERRAND, _("errands")
        PLACE = quantity.PLACE, _("places")

    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="service_kinds")
    slug = models.SlugField()
    name_it = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    promise_it = models.CharField(max_length=120)
    promise_en = models.CharField(max_length=120)
    unit = models.CharField(max_length=8, choices=Unit)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "slug"], name="kind_slug_once_a_district"),
            models.CheckConstraint(
                condition=Q(unit__in=["kg", "piece", "hour", "errand", "place"]), name="kind_unit_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_it

    @property
    def promise(self) -> str:
        return self.promise_en if get_language() == "en" else self.promise_it


class ListingQuerySet(models.QuerySet["Listing"]):
    def on_sale(self) -> "ListingQuerySet":
        return self.filter(state=Listing.State.PUBLISHED, kind__isnull=False)

    def serving(self, municipality_id: int) -> "ListingQuerySet":
        return self.filter(area=municipality_id)

    def with_offer(self) -> "ListingQuerySet":
        """With all a page shows of it, in one query."""
        return self.select_related("kind", "stockrecord__product", "stockrecord__partner")


class Listing(models.Model):
    """A service on offer: one Oscar product of one cooperative, with one stock record, and what Oscar lacks.

    The price is gross cents per unit and lives here alone; quantities are thousandths of the kind's unit.
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
    unit_price_cents = models.PositiveBigIntegerField()
    vat_bp = models.PositiveSmallIntegerField()
    minimum_milli = models.PositiveIntegerField()
    maximum_milli = models.PositiveIntegerField()
    step_milli = models.PositiveIntegerField(default=1000)
    lead_time_hours = models.PositiveSmallIntegerField(default=24)
    area = models.ManyToManyField("territory.Municipality", related_name="listings")
    includes = models.TextField(blank=True)
    needs = models.TextField(blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["published", "paused"]), name="listing_state_known"
            ),
            models.CheckConstraint(condition=Q(unit_price_cents__gt=0), name="listing_has_a_price"),
            models.CheckConstraint(condition=Q(vat_bp__lte=3000), name="listing_vat_plausible"),
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
    def title(self) -> str:
        return str(self.stockrecord.product.title)

    @property
    def partner_id(self) -> int:
        return int(self.stockrecord.partner_id)

    def places_for(self, quantity_milli: int) -> int:
        """Return how many of a slot's places a quantity takes: each place of a class one, anything else one."""
        return -(-quantity_milli // THOUSANDTHS) if self.kind.unit == quantity.PLACE else 1

    def price_of(self, quantity_milli: int) -> Cents:
        """Return the list price of a quantity, gross."""
        return price_of(self.unit_price_cents, quantity_milli)
