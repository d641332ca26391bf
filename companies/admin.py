from django.contrib import admin

from companies.models import Company, CompanyMember, Site


class SiteInline(admin.TabularInline):
    model = Site
    extra = 0


class MemberInline(admin.TabularInline):
    model = CompanyMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["name", "vat_number", "district"]
    inlines = [SiteInline, MemberInline]
