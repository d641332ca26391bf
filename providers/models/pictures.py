from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.pictures import Pictured


class CooperativePicture(Pictured):
    """A cooperative's picture: its people at work, its seat. One is shown; those before it are closed."""

    cooperative = models.ForeignKey(
        "providers.Cooperative", on_delete=models.PROTECT, related_name="pictures"
    )

    class Meta(Pictured.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            *Pictured.Meta.constraints,
            models.UniqueConstraint(
                fields=["cooperative"],
                condition=Q(removed_at=None),
                name="cooperativepicture_one_shown",
            ),
        ]
