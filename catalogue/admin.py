from django.contrib import admin

from catalogue.models import (
    Listing,
    PriceTier,
    Question,
    ServiceKind,
    TaxProfile,
    TaxRate,
    WithdrawalProfile,
    WithdrawalRule,
)
from catalogue.photo_admin import PhotoInline, WithPhotos


class KindQuestionInline(admin.StackedInline):
    model = Question
    fk_name = "kind"
    exclude = ["listing"]
    extra = 0


@admin.register(ServiceKind)
class ServiceKindAdmin(admin.ModelAdmin):
    list_display = ["name_it", "unit", "position", "district"]
    ordering = ["district", "position"]
    inlines = [KindQuestionInline]


class TierInline(admin.TabularInline):
    model = PriceTier
    extra = 0


@admin.register(Listing)
class ListingAdmin(WithPhotos):
    list_display = ["title", "kind", "state", "unit_price_cents"]
    list_filter = ["kind", "state"]
    search_fields = ["slug", "title"]
    raw_id_fields = ["stockrecord"]
    filter_horizontal = ["area", "places"]
    inlines = [TierInline, PhotoInline]


class RateInline(admin.TabularInline):
    model = TaxRate
    extra = 0


@admin.register(TaxProfile)
class TaxProfileAdmin(admin.ModelAdmin):
    list_display = ["name_it", "slug"]
    inlines = [RateInline]


class RuleInline(admin.TabularInline):
    model = WithdrawalRule
    extra = 0


@admin.register(WithdrawalProfile)
class WithdrawalProfileAdmin(admin.ModelAdmin):
    list_display = ["name_it", "slug"]
    inlines = [RuleInline]
