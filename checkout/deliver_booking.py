"""Deliver a booking: the family's service code proves the visit, and what was held becomes payable."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.record import record
from checkout.models import Booking, Purchase
from kernel.actor import Actor
from kernel.clock import moment_in_words
from kernel.errors import DomainError
from ledger.chart import card_payable
from ledger.deliver import Capture, capture_delivery
from providers.models import Visit
from providers.prove_visit import WrongServiceCode, prove_visit


class AlreadyDelivered(DomainError):
    code = "already_delivered"
    message = _("This appointment is already confirmed: there is nothing more to do.")


class NotYetBegun(DomainError):
    code = "not_yet_begun"
    message = _("The appointment is for %(moment)s. If it is already done, tick so below.")


def deliver_booking(
    code: str, *, cooperative_id: int, service_code: str, by: Actor, now: datetime, done_early: bool = False
) -> Booking:
    """Prove a booking of that cooperative and capture its hold; the last one settles the purchase.

    :raises Booking.DoesNotExist: the cooperative has no such confirmed booking.
    :raises AlreadyDelivered: it was delivered before; nothing moves twice.
    :raises NotYetBegun: the appointment lies ahead, and nobody says that it was ``done_early``.
    :raises WrongServiceCode: it is not this visit's code; the try is counted.
    :raises VisitLocked: too many wrong codes, for now.
    """
    with transaction.atomic():
        found = Booking.objects.get(code=code, cooperative_id=cooperative_id, visit__isnull=False)
        purchase = Purchase.objects.select_for_update(no_key=True).get(bookings=found)
        booking = Booking.objects.select_related("visit", "hold").get(pk=found.pk)
        visit = Visit.objects.select_for_update(no_key=True).get(booking=found)
        if booking.state == Booking.State.DONE:
            raise AlreadyDelivered
        is_early = now < visit.period.lower
        if is_early and not done_early:
            raise NotYetBegun(moment=moment_in_words(visit.period.lower, get_language() or "it"))
        refusal = prove_visit(visit, typed=service_code, now=now)
        if refusal is None:
            _capture(purchase, booking, is_early=is_early, by=by, now=now)
        elif isinstance(refusal, WrongServiceCode):
            _record("wrong service code", purchase, booking, by=by, now=now)
    if refusal is not None:
        raise refusal
    return booking


def _capture(purchase: Purchase, booking: Booking, *, is_early: bool, by: Actor, now: datetime) -> None:
    assert booking.hold is not None, "a confirmed booking has its hold"
    assert booking.commission_cents is not None, "and its commission"
    capture_delivery(
        [Capture(booking.hold.pk, booking.hold.open_cents, card_payable(booking.cooperative_id))],
        district_id=purchase.district_id,
        cooperative_id=booking.cooperative_id,
        commission=booking.commission_cents,
        key=f"booking:{booking.code}",
        by=by,
        now=now,
    )
    booking.move_to(Booking.State.DONE)
    booking.save(update_fields=["state"])
    if not purchase.bookings.exclude(state=Booking.State.DONE).exists():
        purchase.move_to(Purchase.State.SETTLED)
        purchase.save(update_fields=["state"])
    _record("deliver", purchase, booking, by=by, now=now, facts={"early": is_early})


def _record(
    verb: str,
    purchase: Purchase,
    booking: Booking,
    *,
    by: Actor,
    now: datetime,
    facts: dict[str, object] | None = None,
) -> None:
    subject, district_id = f"booking:{booking.code}", purchase.district_id
    record(verb, subject=subject, district_id=district_id, by=by, now=now, facts=facts)
