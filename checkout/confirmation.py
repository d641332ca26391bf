"""The mail that says a purchase is booked. Its subject names no service: a work inbox may be read by others."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from checkout.models import Booking, Purchase
from checkout.signed_links import purchase_url
from kernel.clock import moment_in_words
from outbox.mail import put_mail


def put_confirmation(purchase: Purchase, bookings: list[Booking], *, now: datetime) -> None:
    """Put the confirmation into the outbox, in the purchase's language: one mail a purchase."""
    with translation.override(purchase.language):
        first = min(booking.slot_hold.slot.starts_at for booking in bookings)
        context = {
            "purchase": purchase,
            "bookings": bookings,
            "link": settings.PUBLIC_URL + purchase_url(purchase),
            "district": purchase.district,
        }
        put_mail(
            key=f"confirmed:{purchase.code}",
            to=purchase.contact.email,
            subject=_("Confirmed: %(moment)s") % {"moment": moment_in_words(first, purchase.language)},
            text=render_to_string("checkout/confirmed.txt", context),
            html=render_to_string("checkout/confirmed.html", context),
            now=now,
        )
