from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.models import DistrictRole, Holder, User

admin.site.site_header = admin.site.site_title = "Per il tuo tempo"
# Platform staff sign in where everybody does, with the same throttling.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["email", "is_active", "is_staff", "date_joined"]
    ordering = ["email"]
    search_fields = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
    ]
    add_fieldsets = [(None, {"fields": ["email", "password1", "password2"]})]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Users are closed, never deleted: the books stay whole."""
        return False


@admin.register(Holder)
class HolderAdmin(admin.ModelAdmin):
    search_fields = ["code"]


@admin.register(DistrictRole)
class DistrictRoleAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "district"]
    list_filter = ["role", "district"]
