from django.contrib import admin

from audit.to_read import ToRead
from providers.models import (
    CalendarException,
    Certificate,
    Cooperative,
    CooperativeMember,
    RequiredCertificate,
    Slot,
    StaffMember,
    WeeklyHours,
)
from providers.picture_admin import WithPicture


class MemberInline(admin.TabularInline):
    model = CooperativeMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Cooperative)
class CooperativeAdmin(WithPicture):
    list_display = ["name", "vat_number", "commission_bp"]
    raw_id_fields = ["partner"]
    inlines = [MemberInline]


@admin.register(Slot)
class SlotAdmin(ToRead):
    list_display = ["listing", "period", "capacity", "taken", "closed_at"]


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(admin.ModelAdmin):
    list_display = [
        "listing",
        "weekday",
        "opens",
        "closes",
        "slot_minutes",
        "capacity",
        "from_date",
        "until_date",
    ]
    list_filter = ["weekday"]
    raw_id_fields = ["listing"]


@admin.register(CalendarException)
class CalendarExceptionAdmin(admin.ModelAdmin):
    list_display = ["cooperative", "listing", "from_date", "until_date", "opens", "closes", "reason"]
    list_filter = ["cooperative"]
    raw_id_fields = ["listing"]


class CertificateInline(admin.TabularInline):
    model = Certificate
    extra = 0


@admin.register(StaffMember)
class StaffMemberAdmin(admin.ModelAdmin):
    list_display = ["name", "cooperative", "active"]
    list_filter = ["cooperative", "active"]
    raw_id_fields = ["user"]
    inlines = [CertificateInline]


@admin.register(RequiredCertificate)
class RequiredCertificateAdmin(admin.ModelAdmin):
    list_display = ["kind_slug", "certificate", "source"]
