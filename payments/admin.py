from django.contrib import admin

from audit.to_read import ToRead
from payments.models import Payment, StripeEvent


@admin.register(Payment)
class PaymentAdmin(ToRead):
    list_display = ["purchase_code", "state", "amount_cents", "pay_by", "collected_at", "fee_cents"]
    list_filter = ["state"]
    search_fields = ["purchase_code", "session_id", "intent_id"]


@admin.register(StripeEvent)
class StripeEventAdmin(ToRead):
    list_display = ["received_at", "type", "reference", "event_id"]
    search_fields = ["reference", "event_id"]
