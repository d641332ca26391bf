from django.contrib import admin

from audit.models import AuditRow
from audit.to_read import ToRead


@admin.register(AuditRow)
class AuditRowAdmin(ToRead):
    list_display = ["at", "who", "on_behalf_of", "through", "verb", "subject", "reason"]
    search_fields = ["subject", "verb", "who"]
