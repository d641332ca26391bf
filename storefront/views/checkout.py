import logging
from datetime import datetime, timedelta
from uuid import uuid4

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkout.asking import asker_behind
from checkout.baskets import bookings_in
from checkout.follow_purchase import follow_purchase
from checkout.models import Booking, Purchase
from checkout.oscar_basket.middleware import give_basket_back
from checkout.place_purchase import ContactData, OutsideArea, Placing, QuoteChanged, place_purchase
from checkout.questions import questions_of
from checkout.quote import Quote, differences, quote_of
from checkout.signed_links import LinkNotOurs, purchase_behind, purchase_url
from kernel.clock import rome_date
from kernel.errors import DomainError
from payments.gateway import GatewayRefused, GatewayUnclear
from payments.models import Payment
from payments.note_facts import AmountsDiffer, PaidAfterExpiry
from payments.open_payment import open_payment
from people.acting import actor_behind
from people.network import address_behind
from storefront.districts import in_district
from storefront.forms import CheckoutForm
from storefront.memory import remember_begun, remembered_place
from territory.models import District

NO_ANSWER = "attesa"  # in the address: the bank has not told us yet

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_district
def confirm(request: HttpRequest, district: District) -> HttpResponse:
    """One page: for whom, where, what it costs; POST places the purchase and leads to the payment page."""
    basket_id = request.basket.pk  # type: ignore[attr-defined]
    now = timezone.now()
    bookings = [booking for booking in bookings_in(basket_id) if booking.slot_hold.is_kept(now)]
    if request.method != "POST" and not bookings:
        return redirect("storefront:basket", district.slug)
    quote = quote_of(bookings, asker=asker_behind(request.user, now=now))
    early = _starts_early(bookings, now)
    changes: list[str] = []
    if request.method == "POST":
        shown = _shown(request)
        asked = questions_of(_shown_or_kept(basket_id, shown, now))
        form = CheckoutForm(request.POST, district=district, starts_early=early, asked=asked)
        if form.is_valid():
            try:
                placed = place_purchase(
                    _placing(form, basket_id, shown, district, request),
                    by=actor_behind(request.user),
                    now=timezone.now(),
                )
                remember_begun(request, placed.code)
                return _to_payment_page(placed)
            except QuoteChanged as change:
                quote, changes = change.quote, differences(shown, change.quote)
                form.add_error(None, str(change))
            except OutsideArea as refusal:
                form.add_error("municipality", str(refusal))
            except DomainError as refusal:
                form.add_error(None, str(refusal))
        # What is shown now is what the next click confirms.
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["shown"] = _sealed(quote)  # type: ignore[index]
    else:
        form = CheckoutForm(
            district=district,
            starts_early=early,
            asked=questions_of(bookings),
            initial={"key": uuid4(), "shown": _sealed(quote), **_known(request, district)},
        )
    context = {
        "form": form,
        "quote": quote,
        "changes": changes,
        "bookings": bookings,
    }
    return render(request, "storefront/checkout.html", context, status=422 if form.errors else 200)


@require_POST
@in_district
def pay(request: HttpRequest, token: str, district: District) -> HttpResponse:
    """Lead (again) to the payment page of a purchase that is waiting for its money."""
    return _to_payment_page(_purchase(token, district))


@never_cache
@require_safe
@in_district
def payment_return(request: HttpRequest, token: str, district: District) -> HttpResponse:
    """Where Stripe sends the family back: look at once, whether or not the webhook was quicker."""
    found = _purchase(token, district)
    try:
        follow_purchase(found.code, by=actor_behind(request.user), now=timezone.now())
    except (GatewayUnclear, GatewayRefused) as silence:
        log.warning("purchase %s: no answer from Stripe at the return: %s", found.code, silence)
    except (AmountsDiffer, PaidAfterExpiry):
        # The family has done its part; the sweeper and the dead letters keep calling a person.
        log.exception("purchase %s: Stripe says what must not be", found.code)
    else:
        return redirect(purchase_url(found))
    return redirect(f"{purchase_url(found)}?{NO_ANSWER}=1")


@never_cache
@require_safe
@in_district
def purchase(request: HttpRequest, token: str, district: District) -> HttpResponse:
    """A purchase as its buyer sees it: waiting, booked with its service codes, or not paid."""
    found = _purchase(token, district)
    bookings = found.bookings.select_related(
        "listing__kind", "listing__stockrecord__product", "cooperative__partner", "visit", "slot_hold__slot"
    ).order_by("pk")
    context = {
        "purchase": found,
        "token": token,
        "bookings": bookings,
        "quote": Quote.from_json(found.quote),
        "payment": Payment.objects.filter(purchase_code=found.code).order_by("pk").last(),
        "waiting": NO_ANSWER in request.GET,
    }
    response = render(request, "storefront/purchase.html", context)
    if found.state == Purchase.State.ABANDONED and request.user.is_anonymous and request.basket.pk is None:  # type: ignore[attr-defined]
        give_basket_back(response, found.basket_id)
    return response


def _purchase(token: str, district: District) -> Purchase:
    try:
        return purchase_behind(token, district_id=district.pk)
    except LinkNotOurs:
        raise Http404 from None


def _to_payment_page(found: Purchase) -> HttpResponse:
    payment = Payment.objects.filter(purchase_code=found.code).order_by("pk").last()
    if payment is not None and found.state == Purchase.State.PAYING:
        try:
            page = open_payment(payment.pk, now=timezone.now())
        except (GatewayUnclear, GatewayRefused) as trouble:
            log.warning("purchase %s: no payment page: %s", found.code, trouble)
        else:
            if page is not None and page.status == "open":
                return HttpResponseRedirect(page.url, status=303)
            return redirect("storefront:payment_return", found.district.slug, _token(found))
    return redirect(purchase_url(found))


def _token(found: Purchase) -> str:
    return purchase_url(found).rstrip("/").rsplit("/", 1)[-1]


def _placing(
    form: CheckoutForm,
    basket_id: int | None,
    shown: Quote,
    district: District,
    request: HttpRequest,
) -> Placing:
    data = form.cleaned_data
    contact = ContactData(
        **{name: data[name] for name in ("name", "email", "phone", "street", "municipality", "notes")}
    )
    return Placing(
        key=data["key"],
        basket_id=basket_id,
        shown=shown,
        district=district,
        user=request.user,
        contact=contact,
        language=get_language() or "it",
        asks_early_start=data.get("early_start", False),
        answers=form.answers(),
        address=address_behind(request),
    )


def _sealed(quote: Quote) -> str:
    return signing.dumps(quote.as_json(), salt="quote", compress=True)


def _shown(request: HttpRequest) -> Quote:
    """Return the quote that the posted page showed; a seal that is not ours counts as nothing shown."""
    try:
        return Quote.from_json(signing.loads(request.POST.get("shown", ""), salt="quote"))
    except signing.BadSignature:
        return Quote(())


def _shown_or_kept(basket_id: int | None, shown: Quote, now: datetime) -> list[Booking]:
    """Return what a click would place: what was shown, lapsed or not, and what is kept."""
    codes = {line.booking for line in shown.lines}
    return [one for one in bookings_in(basket_id) if one.code in codes or one.slot_hold.is_kept(now)]


def _starts_early(bookings: list[Booking], now: datetime) -> bool:
    """Return whether a service begins while its buyer may still withdraw, so that the start must be asked for."""
    today = rome_date(now)
    return any(
        booking.slot_hold.slot.starts_at < now + timedelta(days=booking.listing.withdrawal_on(today).days)
        for booking in bookings
    )


def _known(request: HttpRequest, district: District) -> dict[str, object]:
    """What the person has said before, so that nobody types it twice (WCAG 3.3.7)."""
    email = request.user.email if request.user.is_authenticated else ""
    place = remembered_place(request, district)
    return {"email": email, "municipality": place.slug if place else ""}
