from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkout.asking import asker_behind
from checkout.baskets import bookings_in
from checkout.drop_booking import drop_booking
from checkout.keep_longer import keep_longer
from checkout.models import Booking, Purchase
from checkout.quote import quote_of
from checkout.signed_links import purchase_url
from kernel.clock import hour_in_words
from people.acting import actor_behind
from storefront.districts import in_district
from storefront.memory import BEGUN
from territory.models import District


@require_safe
@in_district
def basket(request: HttpRequest, district: District) -> HttpResponse:
    """What is kept, by cooperative, and until when."""
    now = timezone.now()
    bookings = bookings_in(request.basket.pk)  # type: ignore[attr-defined]
    kept = [b for b in bookings if b.slot_hold.is_kept(now)]
    context = {
        "kept": sorted(kept, key=lambda b: b.cooperative_id),
        "crumbs": [(_("Basket"), "")],
        "lapsed": [b for b in bookings if b not in kept],
        "total": quote_of(kept, asker=asker_behind(request.user, now=now)).total,
        "unfinished": _unfinished(request, district),
        "kept_until": min((b.slot_hold.until for b in kept), default=None),
    }
    return render(request, "storefront/basket.html", context)


def _unfinished(request: HttpRequest, district: District) -> list[tuple[Purchase, str]]:
    """Return the purchases that this visitor has begun to pay, with their pages: a guest has no other way back."""
    codes = request.session.get(BEGUN, [])
    begun = Purchase.objects.filter(code__in=codes, district=district, state=Purchase.State.PAYING)
    return (
        [(purchase, purchase_url(purchase)) for purchase in begun.select_related("district")] if codes else []
    )


@require_POST
@in_district
def longer(request: HttpRequest, district: District) -> HttpResponse:
    """Keep everything fifteen minutes longer, and take lapsed times anew."""
    basket_id = _basket_id(request)
    if basket_id is not None:
        now = timezone.now()
        for booking, refusal in keep_longer(basket_id=basket_id, by=actor_behind(request.user), now=now):
            messages.error(request, f"{booking.listing.title}: {refusal}")
        if kept := [b for b in bookings_in(basket_id) if b.slot_hold.is_kept(now)]:
            until = hour_in_words(min(b.slot_hold.until for b in kept), get_language() or "it")
            messages.success(request, _("Done: kept for you until %(until)s.") % {"until": until})
    return redirect("storefront:basket", district.slug)


@require_POST
@in_district
def drop(request: HttpRequest, code: str, district: District) -> HttpResponse:
    """Take one booking out."""
    by, now = actor_behind(request.user), timezone.now()
    try:
        booking = drop_booking(code, basket_id=_basket_id(request), by=by, now=now)
    except Booking.DoesNotExist:
        raise Http404 from None
    messages.info(
        request, _("Taken out: %(title)s. Its time is free again.") % {"title": booking.listing.title}
    )
    return redirect("storefront:basket", district.slug)


def _basket_id(request: HttpRequest) -> int | None:
    return request.basket.pk  # type: ignore[attr-defined, no-any-return]
