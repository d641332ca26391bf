from django.contrib import admin

from providers.models import Cooperative, CooperativeMember, Slot


class MemberInline(admin.TabularInline):
    model = CooperativeMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Cooperative)
class CooperativeAdmin(admin.ModelAdmin):
    list_display = ["name", "vat_number", "commission_bp"]
    raw_id_fields = ["partner"]
    inlines = [MemberInline]


@admin.register(Slot)
class SlotAdmin(admin.ModelAdmin):
    list_display = ["listing", "period", "capacity", "taken"]
    raw_id_fields = ["listing"]
    readonly_fields = ["taken"]
