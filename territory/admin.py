from django.contrib import admin

from territory.models import District, Municipality, Place, Terms


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "phone", "email"]


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ["name", "district", "istat_code", "postcode", "population"]
    list_filter = ["district"]
    search_fields = ["name"]


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "municipality", "district"]
    list_filter = ["kind"]
    search_fields = ["name"]


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    list_display = ["district", "text", "version", "from_date"]
    list_filter = ["district", "text"]
