from django.db import models
from django.db.models import Q


class PriceTier(models.Model):
    """What a unit costs in a group of at least so many people: the ladder a listing shows."""

    listing = models.ForeignKey("listing.Listing", on_delete=models.PROTECT, related_name="tiers")
    from_people = models.PositiveSmallIntegerField()
    unit_price_cents = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "from_people"], name="tier_once_a_size"),
            models.CheckConstraint(condition=Q(from_people__gte=2), name="tier_of_a_group"),
            models.CheckConstraint(condition=Q(unit_price_cents__gt=0), name="tier_has_a_price"),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id}: from {self.from_people}"
