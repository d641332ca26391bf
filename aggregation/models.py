from django.db import models
from django.db.models import F, Q


class SavingKey(models.Model):
    """The published key by which a round's saving is shared, in basis points, from a day on."""

    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="saving_keys")
    from_date = models.DateField()
    families_bp = models.PositiveSmallIntegerField(default=6000)
    cooperative_bp = models.PositiveSmallIntegerField(default=2500)
    fund_bp = models.PositiveSmallIntegerField(default=1500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "from_date"], name="saving_key_one_a_day"),
            models.CheckConstraint(
                condition=Q(fund_bp=10_000 - F("families_bp") - F("cooperative_bp")),
                name="saving_key_shares_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.families_bp}/{self.cooperative_bp}/{self.fund_bp} from {self.from_date}"
