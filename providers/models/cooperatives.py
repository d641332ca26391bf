from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Cooperative(models.Model):
    """A seller: an Oscar partner, with what families need to know and what its contract says."""

    partner = models.OneToOneField("partner.Partner", on_delete=models.PROTECT, related_name="cooperative")
    districts = models.ManyToManyField("territory.District", related_name="cooperatives")
    slug = models.SlugField(max_length=80, unique=True)
    seat = models.CharField(_("registered office"), max_length=160, blank=True)
    story = models.TextField(blank=True)
    story_en = models.TextField(blank=True)
    phone = models.CharField(max_length=20)
    email = models.EmailField()
    vat_number = models.CharField(max_length=11, unique=True)
    commission_bp = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commission_bp__lte=3000), name="cooperative_commission_plausible"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.partner.name)


class CooperativeMember(models.Model):
    """Who works at a cooperative's desk."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        DISPATCHER = "dispatcher", _("Dispatcher")
        OPERATOR = "operator", _("Operator")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="members")
    user = models.OneToOneField("people.User", on_delete=models.PROTECT, related_name="cooperative_member")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["owner", "dispatcher", "operator"]), name="cooperative_role_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.cooperative}"
