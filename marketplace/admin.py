"""Administration where rooms meet that are strangers to each other."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.record import PLATFORM, record
from kernel.actor import Actor
from outbox.admin import MessagesToRead
from outbox.models import Message
from outbox.wake import wake_message


@admin.register(Message)
class MessageAdmin(MessagesToRead):
    """The outbox to read, and its dead letters to wake: an act of a person, so it is recorded."""

    actions = ["wake"]

    def has_wake_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_message")

    @admin.action(description=_("Try the chosen dead letters again"), permissions=["wake"])
    def wake(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        assert request.user.pk is not None, "the administration knows its users"
        by, now, woken = Actor.user(request.user.pk, through="admin"), timezone.now(), 0
        for message_id, topic in queryset.order_by("pk").values_list("pk", "topic"):
            with transaction.atomic():
                if wake_message(message_id, now=now):
                    subject = f"message:{message_id}"
                    record(
                        "wake", subject=subject, district_id=PLATFORM, by=by, now=now, facts={"topic": topic}
                    )
                    woken += 1
        messages.info(request, _("%(count)s messages will be tried again.") % {"count": woken})
