from django.db import models
from django.db.models import Q

from catalogue.models.pictures import Pictured


class CooperativePicture(Pictured):
    """A cooperative's picture: its people at work, its seat. One is shown; those before it are closed."""

    cooperative = models.ForeignKey(
        "providers.Cooperative", on_delete=models.PROTECT, related_name="pictures"
    )

    class Meta(Pictured.Meta):
        constraints = [
            *Pictured.Meta.constraints,
            models.UniqueConstraint(
                fields=["cooperative"],
                condition=Q(removed_at=None),
                name="cooperativepicture_one_shown",
            ),
        ]
