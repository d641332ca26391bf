from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class District(models.Model):
    """A social-services district: the body that runs this marketplace on its territory."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    email = models.EmailField()
    desk_address = models.CharField(max_length=120)
    desk_hours = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality of a district, with ISTAT's data. Coordinates are WGS 84 degrees."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="municipalities")
    istat_code = models.CharField(max_length=6, unique=True)
    cadastral_code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60)
    postcode = models.CharField(max_length=5)
    population = models.PositiveIntegerField()
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "slug"], name="municipality_slug_once_a_district"),
        ]
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where demand gathers: a company's site, a civic centre, a neighbourhood."""

    class Kind(models.TextChoices):
        COMPANY_SITE = "company_site", _("Company site")
        CIVIC_CENTRE = "civic_centre", _("Civic centre")
        NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="places")
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)
    street = models.CharField(max_length=120)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="places")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "slug"], name="place_slug_once_a_district"),
            models.CheckConstraint(
                condition=Q(kind__in=["company_site", "civic_centre", "neighbourhood"]),
                name="place_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
