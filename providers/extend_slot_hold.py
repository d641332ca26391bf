"""Keep a time fifteen minutes longer, at most ten times (WCAG 2.2.1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from providers.keep_slot import KEPT_FOR, MOST_EXTENSIONS
from providers.models import SlotHold
from providers.places import lock_slots


class SlotHoldLapsed(DomainError):
    code = "slot_hold_lapsed"
    message = _("The 15 minutes have passed and this time is no longer kept for you. Choose it again.")


class NoMoreExtensions(DomainError):
    code = "no_more_extensions"
    message = _("This time was extended ten times. Confirm it now, or let somebody else have it.")


def extend_slot_hold(hold_id: int, *, now: datetime) -> SlotHold:
    """Keep the hold until fifteen minutes from ``now``.

    :raises SlotHoldLapsed: it is no longer kept.
    :raises NoMoreExtensions: it was extended as often as may be.
    """
    with transaction.atomic():
        hold = SlotHold.objects.get(pk=hold_id)
        lock_slots({hold.slot_id})
        hold.refresh_from_db()
        if hold.state != SlotHold.State.KEPT or hold.has_lapsed(now):
            raise SlotHoldLapsed
        if hold.extensions >= MOST_EXTENSIONS:
            raise NoMoreExtensions
        hold.until = now + KEPT_FOR
        hold.extensions += 1
        hold.save(update_fields=["until", "extensions"])
    return hold
