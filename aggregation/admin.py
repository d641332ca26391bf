from django.contrib import admin

from aggregation.models import SavingKey


@admin.register(SavingKey)
class SavingKeyAdmin(admin.ModelAdmin):
    list_display = ["district", "from_date", "families_bp", "cooperative_bp", "fund_bp"]
