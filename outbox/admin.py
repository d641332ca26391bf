from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """The outbox to read, and its dead letters to wake."""

    list_display = ["created_at", "topic", "key", "attempts", "dispatched_at", "dead_at", "last_error"]
    list_filter = [
        "topic",
        ("dead_at", admin.EmptyFieldListFilter),
        ("dispatched_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["key"]
    actions = ["wake"]

    @admin.action(description=_("Try the chosen dead letters again"))
    def wake(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        woken = queryset.exclude(dead_at=None).update(dead_at=None, attempts=0, due_at=timezone.now())
        messages.info(request, _("%(count)s messages will be tried again.") % {"count": woken})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
