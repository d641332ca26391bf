from django.contrib import admin

from audit.models import AuditAnchor, AuditRow
from audit.to_read import ToRead


@admin.register(AuditRow)
class AuditRowAdmin(ToRead):
    list_display = ["at", "who", "on_behalf_of", "through", "verb", "subject", "reason"]
    search_fields = ["subject", "verb", "who"]


@admin.register(AuditAnchor)
class AuditAnchorAdmin(ToRead):
    """The heads of the chain, to be noted outside."""

    list_display = ["at", "__str__"]
    ordering = ["-number"]
