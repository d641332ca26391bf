from django.contrib import admin

from audit.to_read import ToRead
from checkout.models import Booking, Purchase


@admin.register(Purchase)
class PurchaseAdmin(ToRead):
    list_display = ["code", "state", "total_cents", "placed_at", "secured_at"]
    list_filter = ["state"]
    search_fields = ["code"]


@admin.register(Booking)
class BookingAdmin(ToRead):
    list_display = ["code", "state", "cooperative", "purchase", "gross_cents"]
    list_filter = ["state"]
    search_fields = ["code"]
