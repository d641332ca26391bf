"""What a cooperative may see: its own bookings, whom to serve, and never how the family pays."""

from django.db.models import QuerySet, Sum

from checkout.models import Booking
from kernel.money import Cents
from ledger.chart import card_payable
from ledger.models import Entry
from providers.models import Cooperative

MOST_SHOWN = 200


def booking_of(cooperative: Cooperative) -> QuerySet[Booking]:
    """Return the confirmed and done bookings of one cooperative, with all its desk shows of them."""
    return Booking.objects.filter(
        cooperative=cooperative, state__in=[Booking.State.CONFIRMED, Booking.State.DONE]
    ).select_related(
        "listing__kind", "listing__stockrecord__product", "visit", "order", "purchase__contact__municipality"
    )


def planned_bookings(cooperative: Cooperative) -> list[Booking]:
    """Return what it has to serve, next first."""
    planned = booking_of(cooperative).filter(state=Booking.State.CONFIRMED)
    return list(planned.order_by("visit__period", "pk")[:MOST_SHOWN])


def done_bookings(cooperative: Cooperative) -> list[Booking]:
    """Return what it has served, latest first."""
    done = booking_of(cooperative).filter(state=Booking.State.DONE)
    return list(done.order_by("-visit__period", "pk")[:MOST_SHOWN])


def payable_cents(cooperative: Cooperative) -> Cents:
    """Return what it has earned and not yet been paid, over all districts."""
    name = card_payable(cooperative.pk)
    found = Entry.objects.filter(account__book=name.book, account__kind=name.kind, account__owner=name.owner)
    return Cents(found.aggregate(total=Sum("cents"))["total"] or 0)
