from django.contrib import admin

from audit.to_read import ToRead
from ledger.models import Account, Entry, Hold, Transfer


class EntryInline(admin.TabularInline):
    model = Entry
    extra = 0
    can_delete = False


@admin.register(Transfer)
class TransferAdmin(ToRead):
    list_display = ["at", "event", "key"]
    search_fields = ["key"]
    inlines = [EntryInline]


@admin.register(Account)
class AccountAdmin(ToRead):
    list_display = ["name", "district_id"]
    list_filter = ["book", "kind"]
    search_fields = ["owner"]


@admin.register(Hold)
class HoldAdmin(ToRead):
    list_display = [
        "purpose",
        "state",
        "amount_cents",
        "open_cents",
        "captured_cents",
        "released_cents",
        "frozen",
    ]
    list_filter = ["state"]
    search_fields = ["purpose"]
