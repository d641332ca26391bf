"""Tell the desk of a day that a cooperative closed although families had booked it: somebody must call them.

Moving and refunding in the program come later; until then a person does it, and nobody is forgotten.
"""

import hashlib
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from checkout.models import Booking
from kernel.clock import moment_in_words
from kernel.codes import grouped
from outbox.mail import put_mail


def tell_closed_day(*, cooperative_id: int, date: str, slot_hold_ids: list[int], now: datetime) -> None:
    """Put one mail to each district's desk with the bookings of that day; with none, say nothing."""
    found = Booking.objects.filter(slot_hold__in=slot_hold_ids, purchase__isnull=False).select_related(
        "purchase__district", "cooperative__partner", "slot_hold__slot"
    )
    by_district: dict[int, list[Booking]] = {}
    for booking in found.order_by("slot_hold__slot__period", "pk"):
        assert booking.purchase is not None, "filtered above"
        by_district.setdefault(booking.purchase.district_id, []).append(booking)
    for district_id, bookings in by_district.items():
        purchase = bookings[0].purchase
        assert purchase is not None, "filtered above"
        with translation.override("it"):
            text = "\n".join(
                [
                    _("These appointments will not take place. Call, then move or refund."),
                    *map(_line, bookings),
                ]
            )
            # Closed, opened and closed again, it may be other families: the same words are said once.
            said = hashlib.sha256(text.encode()).hexdigest()[:16]
            put_mail(
                key=f"closed-day:{cooperative_id}:{date}:{district_id}:{said}",
                to=purchase.district.email,
                subject=_("Closed day: %(count)s families to call") % {"count": len(bookings)},
                text=text,
                now=now,
            )


def _line(booking: Booking) -> str:
    moment = moment_in_words(booking.slot_hold.slot.starts_at, "it")
    return f"{grouped(booking.code)}  {moment}  {booking.cooperative.name}"
