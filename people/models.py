from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kernel.codes import new_code


class UserManager(BaseUserManager["User"]):
    """Plain on purpose: Oscar's ``customer.0008`` queries users before later columns exist."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. Who the person is lives elsewhere; users are closed, never deleted."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_the_case")]

    def __str__(self) -> str:
        return self.email


def new_holder_code() -> str:
    return new_code(12)


class Holder(models.Model):
    """The pseudonym under which books and orders know a person, with or without a log-in."""

    code = models.CharField(max_length=12, unique=True, default=new_holder_code)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="holder")

    def __str__(self) -> str:
        return self.code


class DistrictRole(models.Model):
    """What a user may do for a district."""

    class Role(models.TextChoices):
        OFFICER = "officer", _("District officer")
        ACCOUNTANT = "accountant", _("District accountant")
        DESK = "desk", _("Help desk")
        MAKER = "maker", _("Community maker")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="district_roles")
    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "district", "role"], name="district_role_once"),
            models.CheckConstraint(
                condition=Q(role__in=["officer", "accountant", "desk", "maker"]), name="district_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.district}"
