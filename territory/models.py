from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class District(models.Model):
    """A social-services district: the body that runs this marketplace on its territory."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    email = models.EmailField()
    desk_address = models.CharField(max_length=120)
    desk_hours = models.CharField(max_length=120)
    about_it = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    accessibility_url = models.URLField(blank=True)
    privacy_contact = models.CharField(max_length=160, blank=True)

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
    about_it = models.TextField(blank=True)
    about_en = models.TextField(blank=True)

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
    hours = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    about_it = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    access_it = models.TextField(blank=True)
    access_en = models.TextField(blank=True)

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


class Terms(models.Model):
    """One version of a text that people agree to or are told, in force from a day until the next one.

    Nothing is changed once in force: a correction is a new version. ``body`` is paragraphs with an empty line
    between them; one that begins with ``## `` is a heading.
    """

    class Text(models.TextChoices):
        CONDITIONS = "conditions", _("Terms of sale")
        PRIVACY = "privacy", _("Privacy notice")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="terms")
    text = models.CharField(max_length=12, choices=Text)
    version = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    changes_it = models.CharField(max_length=200, blank=True)
    changes_en = models.CharField(max_length=200, blank=True)
    body_it = models.TextField()
    body_en = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "text", "version"], name="terms_version_once"),
            models.UniqueConstraint(fields=["district", "text", "from_date"], name="terms_one_a_day"),
            models.CheckConstraint(condition=Q(text__in=["conditions", "privacy"]), name="terms_text_known"),
        ]
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return f"{self.text} {self.version}"

    @property
    def body(self) -> str:
        return self.body_en if get_language() == "en" else self.body_it

    @property
    def changes(self) -> str:
        return self.changes_en if get_language() == "en" else self.changes_it
