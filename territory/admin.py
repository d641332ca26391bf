from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.clock import rome_date
from territory.models import District, Municipality, Place, Terms


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "phone", "email"]
    fieldsets = [
        (None, {"fields": ["name", "slug"]}),
        (_("Desk"), {"fields": ["phone", "email", "desk_address", "desk_hours"]}),
        (_("What the law wants in the footer"), {"fields": ["legal_name", "legal_seat", "tax_number"]}),
        (_("Accessibility and personal data"), {"fields": ["accessibility_url", "privacy_contact"]}),
        (_("About"), {"fields": ["about_it", "about_en"]}),
    ]


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ["name", "district", "istat_code", "postcode", "population"]
    list_filter = ["district"]
    search_fields = ["name"]


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "municipality", "district"]
    list_filter = ["kind", "district"]
    search_fields = ["name"]
    autocomplete_fields = ["municipality"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["district", "kind", "name", "slug"]}),
        (_("Where and when"), {"fields": ["street", "municipality", "hours", "phone"]}),
        (_("About"), {"fields": ["about_it", "about_en"]}),
        (_("Getting in"), {"fields": ["access_it", "access_en"]}),
    ]


class TermsForm(forms.ModelForm):
    """The next version: what the database would refuse is told here in words."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        district, text, version, begins = (
            data.get(name) for name in ("district", "text", "version", "from_date")
        )
        if not (district and text and version and begins):
            return data
        others = Terms.objects.filter(district=district, text=text).exclude(pk=self.instance.pk)
        if others.exists() and begins <= _today():
            self.add_error("from_date", _("A new version begins tomorrow at the earliest."))
        for other in others:
            if (other.version < version) != (other.from_date < begins):
                message = _("Version %(number)s is in force from %(from)s: numbers and days go the same way.")
                known = {"number": other.version, "from": other.from_date}
                self.add_error("from_date", ValidationError(message, params=known))
                break
        return data


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    form = TermsForm
    list_display = ["text", "version", "from_date", "is_in_force_or_past", "district"]
    list_filter = ["district", "text"]
    ordering = ["district", "text", "-version"]

    def has_change_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _has_begun(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _has_begun(obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting many at once, which would ask for each only after it is too late."""
        return {name: act for name, act in super().get_actions(request).items() if name != "delete_selected"}

    @admin.display(description=_("can no longer be changed"), boolean=True)
    def is_in_force_or_past(self, terms: Terms) -> bool:
        return _has_begun(terms)


def _has_begun(terms: Terms | None) -> bool:
    return terms is not None and terms.from_date <= _today()


def _today() -> date:
    return rome_date(timezone.now())
