from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import quantity


class ServiceKind(models.Model):
    """A kind of service a district offers, with the unit it is counted in.

    Names exist in Italian and English: they are the district's content, not the program's words. ``keywords`` are
    the words under which people look for it: never shown, only found.
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
    keywords = models.TextField(blank=True, help_text=_("Other words people search for, in either language."))
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
