"""What the law says of a service, as dated data: its VAT, and the consumer's right to withdraw."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range


class Dated(Protocol):
    @property
    def in_force(self) -> "Range[date]": ...


Rule = TypeVar("Rule", bound=Dated)


class Profile(models.Model):
    """A name for rules that follow each other in time."""

    slug = models.SlugField(unique=True)
    name_it = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_it


class TaxProfile(Profile):
    """How a service is taxed. The cooperative answers for its choice."""

    def vat_bp_on(self, day: date) -> int:
        """Return the VAT of that day, in basis points.

        :raises LookupError: no rate is in force: a gap in the data, not a refusal.
        """
        return in_force_on(self.rates.all(), day).vat_bp


class TaxRate(models.Model):
    """A VAT rate in basis points, in force over half-open days, with the rule that gives it."""

    profile = models.ForeignKey(TaxProfile, on_delete=models.PROTECT, related_name="rates")
    in_force = DateRangeField()
    vat_bp = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    is_certain = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(vat_bp__lte=3000), name="tax_rate_plausible"),
            models.CheckConstraint(
                condition=Q(in_force__isempty=False, in_force__lower_inf=False), name="tax_rate_has_a_start"
            ),
            ExclusionConstraint(
                name="tax_rates_of_a_profile_apart",
                expressions=[("profile", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}: {self.vat_bp} bp, {self.in_force}"


class WithdrawalProfile(Profile):
    """Whether and how long a consumer may withdraw from the contract (Codice del consumo, artt. 52-59)."""

    def rule_on(self, day: date) -> "WithdrawalRule":
        """Return the rule of that day.

        :raises LookupError: no rule is in force: a gap in the data, not a refusal.
        """
        return in_force_on(self.rules.all(), day)


class WithdrawalRule(models.Model):
    """A right to withdraw, in force over half-open days, with the rule of law that gives it."""

    class Right(models.TextChoices):
        UNTIL_PERFORMED = "until_performed", _("Until the service is completed")
        NONE = "none", _("None: leisure on a fixed date")

    profile = models.ForeignKey(WithdrawalProfile, on_delete=models.PROTECT, related_name="rules")
    in_force = DateRangeField()
    right = models.CharField(max_length=16, choices=Right)
    days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    is_certain = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(right="until_performed", days__gte=14) | Q(right="none", days=0),
                name="withdrawal_right_known",
            ),
            models.CheckConstraint(
                condition=Q(in_force__isempty=False, in_force__lower_inf=False),
                name="withdrawal_rule_has_a_start",
            ),
            ExclusionConstraint(
                name="withdrawal_rules_of_a_profile_apart",
                expressions=[("profile", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}: {self.right}, {self.in_force}"


def in_force_on(rules: Iterable[Rule], day: date) -> Rule:
    """Return the one of those rules that holds on a day. Asks nothing of the database if they were fetched.

    :raises LookupError: none does.
    """
    for rule in rules:
        if day in rule.in_force:
            return rule
    raise LookupError(f"no rule is in force on {day}")
