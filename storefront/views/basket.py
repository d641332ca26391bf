from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkout.baskets import bookings_in
from checkout.drop_booking import drop_booking
from checkout.keep_longer import keep_longer
from checkout.models import Booking
from checkout.quote import quote_of
from kernel.errors import DomainError
from providers.models import SlotHold
from storefront.districts import in_district
from territory.models import District


@require_safe
@in_district
def basket(request: HttpRequest, district: District) -> HttpResponse:
    """What is kept, by cooperative, and until when."""
    now = timezone.now()
    bookings = bookings_in(request.basket.pk)  # type: ignore[attr-defined]
    kept = [b for b in bookings if _is_kept(b) and not b.slot_hold.has_lapsed(now)]
    context = {
        "kept": sorted(kept, key=lambda b: b.cooperative_id),
        "crumbs": [(_("Basket"), "")],
        "lapsed": [b for b in bookings if b not in kept],
        "total": quote_of(kept).total,
        "kept_until": min((b.slot_hold.until for b in kept), default=None),
    }
    return render(request, "storefront/basket.html", context)


@require_POST
@in_district
def longer(request: HttpRequest, district: District) -> HttpResponse:
    """Keep everything fifteen minutes longer, and take lapsed times anew."""
    if request.basket.pk is not None:  # type: ignore[attr-defined]
        try:
            keep_longer(basket_id=request.basket.pk, now=timezone.now())  # type: ignore[attr-defined]
        except DomainError as refusal:
            messages.error(request, str(refusal))
    return redirect("storefront:basket", district.slug)


@require_POST
@in_district
def drop(request: HttpRequest, code: str, district: District) -> HttpResponse:
    """Take one booking out."""
    try:
        booking = drop_booking(code, basket_id=request.basket.pk)  # type: ignore[attr-defined]
    except Booking.DoesNotExist:
        raise Http404 from None
    messages.info(
        request, _("Taken out: %(title)s. Its time is free again.") % {"title": booking.listing.title}
    )
    return redirect("storefront:basket", district.slug)


def _is_kept(booking: Booking) -> bool:
    return booking.slot_hold.state == SlotHold.State.KEPT
