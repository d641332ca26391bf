from django.contrib import admin

from catalogue.models import Listing, ServiceKind


@admin.register(ServiceKind)
class ServiceKindAdmin(admin.ModelAdmin):
    list_display = ["name_it", "unit", "position", "district"]
    ordering = ["district", "position"]


@admin.register(Listing)
class ListingAdmin(admin.ModelAdmin):
    list_display = ["slug", "kind", "state", "unit_price_cents"]
    list_filter = ["kind", "state"]
    search_fields = ["slug", "stockrecord__product__title"]
    raw_id_fields = ["stockrecord"]
    filter_horizontal = ["area"]
