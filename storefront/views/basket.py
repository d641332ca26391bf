from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from checkout.asking import asker_behind
from checkout.baskets import bookings_in
from checkout.drop_booking import drop_booking
from checkout.drop_series import drop_series
from checkout.keep_longer import keep_longer
from checkout.models import Booking, Purchase
from checkout.put_back_bookings import dropped_from, put_back_bookings
from checkout.quote import quote_of
from checkout.signed_links import purchase_url
from kernel.clock import hour_in_words
from kernel.errors import DomainError
from people.acting import actor_behind
from people.network import address_behind
from providers.keep_slot import MOST_KEPT
from storefront.districts import in_district
from storefront.memory import BEGUN
from territory.models import District

TAKEN_OUT = "tolti"  # in the address: the codes of what was just taken out, to put it back
WARN_BEFORE = timedelta(minutes=2)
STOP_POLLING = 286  # what htmx understands by it


@dataclass(frozen=True)
class Kept:
    """A booking in the basket, and what it costs its keeper in cents."""

    booking: Booking
    price: int


@never_cache
@require_safe
@in_district
def basket(request: HttpRequest, district: District) -> HttpResponse:
    """What is kept, by cooperative and series, and until when; what was taken out just now can be put back."""
    now = timezone.now()
    basket_id = _basket_id(request)
    bookings = bookings_in(basket_id)
    kept = [b for b in bookings if b.slot_hold.is_kept(now)]
    quote = quote_of(kept, asker=asker_behind(request.user, now=now))
    context = {
        "sellers": _by_seller([Kept(b, line.gross) for b, line in zip(kept, quote.lines, strict=True)]),
        "crumbs": [(_("Basket"), "")],
        "lapsed": [b for b in bookings if b not in kept],
        "total": quote.total,
        "unfinished": _unfinished(request, district),
        "taken_out": dropped_from(basket_id, _codes(request.GET.get(TAKEN_OUT, "").split("-"))),
        **_time_kept(kept, now),
    }
    return render(request, "storefront/basket.html", context)


@never_cache
@require_safe
@in_district
def time_left(request: HttpRequest, district: District) -> HttpResponse:
    """Until when the basket is kept, asked for by the page every half minute; a warning two minutes before."""
    now = timezone.now()
    kept = [b for b in bookings_in(_basket_id(request)) if b.slot_hold.is_kept(now)]
    context = _time_kept(kept, now, warned=request.GET.get("avvisato", ""))
    return render(request, "storefront/_time_kept.html", context, status=200 if kept else STOP_POLLING)


def _time_kept(kept: list[Booking], now: datetime, *, warned: str = "") -> dict[str, object]:
    """Return until when the first of these is kept; each such moment is warned of aloud once."""
    until = min((b.slot_hold.until for b in kept), default=None)
    is_ending = until is not None and until - now <= WARN_BEFORE
    stamp = str(int(until.timestamp())) if until and is_ending else ""
    return {"kept_until": until, "is_ending": is_ending, "stamp": stamp, "is_news": stamp != warned}


def _by_seller(kept: list[Kept]) -> list[tuple[str, list[list[Kept]]]]:
    """Return cooperatives with what is kept of each: those of a series together, by date."""
    by_seller = sorted(kept, key=lambda k: (k.booking.cooperative_id, k.booking.pk))
    return [
        (rows[0].booking.cooperative.name, _by_series(rows))
        for _, group in groupby(by_seller, key=lambda k: k.booking.cooperative_id)
        for rows in [list(group)]
    ]


def _by_series(kept: Iterable[Kept]) -> list[list[Kept]]:
    together: dict[str, list[Kept]] = {}
    for one in kept:
        together.setdefault(one.booking.series or one.booking.code, []).append(one)
    return [sorted(group, key=lambda k: k.booking.slot_hold.slot.starts_at) for group in together.values()]


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
    """Keep everything, or the times asked for, fifteen minutes longer; take lapsed ones anew."""
    basket_id = _basket_id(request)
    if basket_id is not None:
        now = timezone.now()
        refused = keep_longer(
            basket_id=basket_id,
            address=address_behind(request),
            by=actor_behind(request.user),
            now=now,
            only=_codes(request.POST.getlist("codice")) or None,
        )
        _tell_refused(request, refused)
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
    return _back_with([booking], district)


@require_POST
@in_district
def drop_all(request: HttpRequest, code: str, district: District) -> HttpResponse:
    """Take a whole series out."""
    by, now = actor_behind(request.user), timezone.now()
    try:
        bookings = drop_series(code, basket_id=_basket_id(request), by=by, now=now)
    except Booking.DoesNotExist:
        raise Http404 from None
    return _back_with(bookings, district)


@require_POST
@in_district
def put_back(request: HttpRequest, district: District) -> HttpResponse:
    """Put back what was just taken out, if it is still free."""
    basket = request.basket  # type: ignore[attr-defined]
    codes = _codes(request.POST.getlist("codice"))
    if basket.pk is not None and codes:
        before = len(dropped_from(basket.pk, codes))
        try:
            refused = put_back_bookings(
                codes,
                basket=basket,
                address=address_behind(request),
                by=actor_behind(request.user),
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            _tell_refused(request, refused)
            if back := before - len(refused):
                words = ngettext("Put back: %(number)s time.", "Put back: %(number)s times.", back)
                messages.success(request, words % {"number": back})
    return redirect("storefront:basket", district.slug)


def _tell_refused(request: HttpRequest, refused: list[tuple[Booking, DomainError]]) -> None:
    for booking, refusal in refused:
        messages.error(request, f"{booking.listing.title}: {refusal}")


def _back_with(bookings: list[Booking], district: District) -> HttpResponse:
    codes = "-".join(booking.code for booking in bookings)
    return redirect(f"{reverse('storefront:basket', args=[district.slug])}?{urlencode({TAKEN_OUT: codes})}")


def _codes(said: Iterable[str]) -> list[str]:
    """Return the codes that were said, no more than a basket keeps."""
    return [code for code in said if code][: 2 * MOST_KEPT]


def _basket_id(request: HttpRequest) -> int | None:
    return request.basket.pk  # type: ignore[attr-defined, no-any-return]
