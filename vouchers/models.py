from django.db import models


class FundingSource(models.Model):
    """Whose public money it is, under which CUP (the code of a public investment project)."""

    district = models.ForeignKey(
        "territory.District", on_delete=models.PROTECT, related_name="funding_sources"
    )
    name = models.CharField(max_length=120)
    cup = models.CharField(max_length=15, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "name"], name="funding_source_once_a_district")
        ]

    def __str__(self) -> str:
        return self.name
