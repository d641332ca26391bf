from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from territory.prose import Paragraph, paragraphs


class District(models.Model):
    """A social-services district: the body that runs this marketplace on its territory."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    legal_name = models.CharField(
        _("who runs the site"),
        max_length=160,
        blank=True,
        help_text=_("The body's full name, as the law wants it in the footer."),
    )
    legal_seat = models.CharField(_("registered office"), max_length=160, blank=True)
    tax_number = models.CharField(_("VAT number or fiscal code"), max_length=16, blank=True)
    phone = models.CharField(_("telephone"), max_length=20)
    email = models.EmailField(_("e-mail"))
    desk_address = models.CharField(_("desk's address"), max_length=120)
    desk_hours = models.CharField(_("desk's hours"), max_length=120)
    about_it = models.TextField(_("about, in Italian"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    accessibility_url = models.URLField(
        _("accessibility declaration"),
        blank=True,
        help_text=_("Its address on form.agid.gov.it, to be renewed by 23 September each year."),
    )
    privacy_contact = models.CharField(
        _("privacy contact"),
        max_length=160,
        blank=True,
        help_text=_("Whom to write to about personal data: the data protection officer, if there is one."),
    )

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """The Italian words; the filter ``said`` finds the English beside them."""
        return self.about_it


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
    about_it = models.TextField(_("about, in Italian"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "slug"], name="municipality_slug_once_a_district"),
        ]
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """The Italian words; the filter ``said`` finds the English beside them."""
        return self.about_it


class Place(models.Model):
    """Where demand gathers: a company's site, a civic centre, a neighbourhood."""

    class Kind(models.TextChoices):
        COMPANY_SITE = "company_site", _("Company site")
        CIVIC_CENTRE = "civic_centre", _("Civic centre")
        NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="places")
    kind = models.CharField(_("kind of place"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=80)
    street = models.CharField(_("street and number"), max_length=120)
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="places"
    )
    hours = models.CharField(_("opening hours"), max_length=160, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    about_it = models.TextField(_("about, in Italian"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    access_it = models.TextField(
        _("getting in, in Italian"),
        blank=True,
        help_text=_("Steps, lift, toilet, parking, buses: what one must know before one comes."),
    )
    access_en = models.TextField(_("getting in, in English"), blank=True)

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

    @property
    def about(self) -> str:
        """The Italian words; the filter ``said`` finds the English beside them."""
        return self.about_it

    @property
    def access(self) -> str:
        """How one gets in, in Italian."""
        return self.access_it


class Terms(models.Model):
    """One version of a text that people agree to or are told, in force from a day until the next one.

    Nothing is changed once in force: a correction is a new version. A trigger refuses it, by the day in Rome, and
    so it does a version that does not follow the ones before it. ``body`` is prose as ``territory.prose`` reads it.
    """

    class Text(models.TextChoices):
        CONDITIONS = "conditions", _("Terms of sale")
        PRIVACY = "privacy", _("Privacy notice")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="terms")
    text = models.CharField(_("text"), max_length=12, choices=Text)
    version = models.PositiveSmallIntegerField(_("version"))
    from_date = models.DateField(
        _("in force from"),
        help_text=_("From that day on it can no longer be changed: a correction is a new version."),
    )
    changes_it = models.CharField(_("what changed, in Italian"), max_length=200, blank=True)
    changes_en = models.CharField(_("what changed, in English"), max_length=200, blank=True)
    body_it = models.TextField(
        _("words in Italian"),
        help_text=_(
            "Leave an empty line between paragraphs. Begin a heading with two hash signs and a space."
        ),
    )
    body_en = models.TextField(_("words in English"))

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
    def paragraphs(self) -> list[Paragraph]:
        return paragraphs(self.body)

    @property
    def changes(self) -> str:
        return self.changes_en if get_language() == "en" else self.changes_it
