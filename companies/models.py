from django.db import models


class Company(models.Model):
    """An employer, at home in a district."""

    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="companies")
    name = models.CharField(max_length=120)
    vat_number = models.CharField(max_length=11, unique=True)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of a company, where bags wait and colleagues join rounds."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sites")
    place = models.OneToOneField("territory.Place", on_delete=models.PROTECT, related_name="company_site")

    def __str__(self) -> str:
        return str(self.place)


class CompanyMember(models.Model):
    """Who manages a company's account."""

    class Role(models.TextChoices):
        OWNER = "owner"
        HR = "hr"

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="company_members")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="company_member_once"),
            models.CheckConstraint(condition=models.Q(role__in=["owner", "hr"]), name="company_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.company}"
