from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from outbox.handlers import shown_of
from outbox.models import Message, MessageQuerySet, SweepRun
from outbox.without_persons import readable


class ToRead(admin.ModelAdmin):
    """Nobody adds, changes or deletes here. The audit's page of that name stands on our own floor."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class StandingFilter(admin.SimpleListFilter):
    """Where messages stand: the dead letters are what one looks for."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("dead", _("dead: they wait for a person")),
            ("waiting", _("waiting for their next attempt")),
            ("dispatched", _("dispatched")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        assert isinstance(queryset, MessageQuerySet)
        by_standing = {"dead": queryset.dead, "waiting": queryset.waiting, "dispatched": queryset.dispatched}
        return by_standing[value]() if (value := self.value()) in by_standing else queryset


class MessagesToRead(ToRead):
    """The outbox to read. ``marketplace.admin`` adds how dead letters are woken, which the audit has to know."""

    list_display = [
        "created_at",
        "topic",
        "key",
        "attempts",
        "next_attempt",
        "dispatched_at",
        "dead_at",
        "error",
    ]
    list_filter = [StandingFilter, "topic"]
    search_fields = ["key"]
    ordering = ["-pk"]
    show_full_result_count = False
    fields = [
        "topic",
        "key",
        "contents",
        "created_at",
        "attempts",
        "next_attempt",
        "claimed_until",
        "dispatched_at",
        "dead_at",
        "last_error",
        "forgotten_at",
    ]

    @admin.display(description=_("next attempt"), ordering="due_at")
    def next_attempt(self, message: Message) -> Any:
        """Return when it will be tried; nothing where it will not be."""
        return message.due_at if message.dispatched_at is None and message.dead_at is None else None

    @admin.display(description=_("last error"))
    def error(self, message: Message) -> str:
        return message.last_error[:120]

    @admin.display(description=_("contents"))
    def contents(self, message: Message) -> str:
        """Return what it carries, without the persons: links in a mail open doors, its text tells lives."""
        lines = readable(message.payload, shown=shown_of(message.topic))
        return format_html_join("\n", "<div>{}: {}</div>", lines)


@admin.register(SweepRun)
class SweepRunAdmin(ToRead):
    """How the sweepers do."""

    list_display = ["name", "started_at", "ended_at", "finished", "failed", "last_error_at", "last_error"]
    ordering = ["name"]
