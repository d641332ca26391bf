"""What is asked when these times are booked: once for each listing, however many of its times are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from catalogue.models import Listing, Question
from checkout.models import Booking


@dataclass(frozen=True)
class AskedOf:
    """A listing in the basket and the questions of its kind and its own, in their order."""

    listing: Listing
    questions: list[Question]


def questions_of(bookings: Sequence[Booking]) -> list[AskedOf]:
    """Return what is asked of the listings of those bookings, in the order of the basket; in one query."""
    listings = {booking.listing_id: booking.listing for booking in bookings}
    open_ones = Question.objects.filter(
        Q(listing=None) | Q(listing__in=listings),
        kind__in={one.kind_id for one in listings.values()},
        closed_at=None,
    )
    questions = list(open_ones.order_by("listing", "position", "pk"))
    asked = (
        AskedOf(
            listing,
            [
                question
                for question in questions
                if question.kind_id == listing.kind_id and question.listing_id in {None, listing.pk}
            ],
        )
        for listing in listings.values()
    )
    return [one for one in asked if one.questions]
