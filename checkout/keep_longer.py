"""Keep the basket's times fifteen minutes longer, and those that lapsed anew if nobody took them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from audit.record import record
from checkout.baskets import bookings_in, locked_basket
from checkout.keeping import keeper_of
from checkout.models import Booking
from kernel.actor import Actor
from kernel.errors import DomainError
from providers.behind import Behind, lock_behind
from providers.extend_slot_hold import extend_slot_hold
from providers.keep_slot import keep_slot


def keep_longer(
    *, basket_id: int, address: str, by: Actor, now: datetime, only: Collection[str] | None = None
) -> list[tuple[Booking, DomainError]]:
    """Keep every time of the basket that can be kept, or those with ``only`` these codes, until fifteen minutes on.

    Return the bookings that could not be kept, each with the refusal: one lost time costs no other.
    """
    refused = []
    behind = Behind.by(by, address=address)
    with transaction.atomic():
        locked_basket(basket_id)
        lock_behind(behind)
        chosen = [b for b in bookings_in(basket_id) if only is None or b.code in only]
        # One slot at a time, in the order of their keys: the order in which every verb locks them.
        for booking in sorted(chosen, key=lambda booking: booking.slot_hold.slot_id):
            try:
                _keep(booking, basket_id, behind, now)
            except DomainError as refusal:
                refused.append((booking, refusal))
            else:
                district_id = booking.listing.kind.district_id
                record(
                    "keep longer", subject=f"booking:{booking.code}", district_id=district_id, by=by, now=now
                )
    return refused


def _keep(booking: Booking, basket_id: int, behind: Behind, now: datetime) -> None:
    hold = booking.slot_hold
    if hold.is_kept(now):
        extend_slot_hold(hold.pk, now=now)
        return
    booking.slot_hold = keep_slot(
        hold.slot_id, keeper=keeper_of(basket_id), now=now, places=hold.places, behind=behind
    )
    booking.save(update_fields=["slot_hold"])
