from django.contrib import admin

from vouchers.models import FundingSource


@admin.register(FundingSource)
class FundingSourceAdmin(admin.ModelAdmin):
    list_display = ["name", "cup", "district"]
