from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.models import Listing
from catalogue.pricing import price_for
from catalogue.quantity import check_quantity
from checkout.asking import asker_behind
from checkout.keep_series import SomeTimesGone, keep_series
from checkout.keeping import slots_kept_in
from kernel.clock import day_in_words
from kernel.errors import DomainError
from kernel.templating import said
from people.acting import actor_behind
from people.network import address_behind
from providers.keep_slot import slot_of
from providers.models import Slot
from providers.weekly_series import Occurrence, Series, Standing, weekly_series
from storefront.districts import in_district
from storefront.forms import KeepForm
from storefront.series_form import SeriesForm, field_of
from storefront.views.listings import on_sale
from territory.models import District


@dataclass(frozen=True)
class Wish:
    """A time, how much of the listing (in thousandths), and for how many weeks."""

    slot: Slot
    quantity: int
    times: int


@dataclass(frozen=True)
class Row:
    """A date as the page shows it: why it is not free, and what is chosen for it so far."""

    occurrence: Occurrence
    name: str
    why: str
    chosen: str
    errors: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@in_district
def series(request: HttpRequest, listing: str, district: District) -> HttpResponse:
    """Each date of a weekly wish, with what stands against it; POST keeps those chosen, all or none."""
    found = get_object_or_404(on_sale(district), slug=listing)
    wish = _wish(found, KeepForm(request.GET, listing=found))
    if wish is None:
        return redirect("storefront:listing", district.slug, found.slug)
    dates = _dates(request, wish)
    form = _form(request, dates)
    changed = False
    if request.method == "POST" and "azione" not in request.POST and form.is_valid():
        # The button named a number: what it keeps is what it said.
        changed = request.POST.get("mostrati") != str(len(form.slot_ids))
        if not changed:
            try:
                keep_series(
                    basket=request.basket,  # type: ignore[attr-defined]
                    listing=found,
                    slot_ids=form.slot_ids,
                    quantity_milli=wish.quantity,
                    address=address_behind(request),
                    by=actor_behind(request.user),
                    now=timezone.now(),
                )
            except SomeTimesGone as refusal:
                dates = _dates(request, wish)
                form = _form(request, dates)
                form.add_error(None, str(refusal))
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("storefront:basket", district.slug)
    return _page(request, found, wish, dates, form, district, changed=changed)


def _page(
    request: HttpRequest,
    found: Listing,
    wish: Wish,
    dates: Series,
    form: SeriesForm,
    district: District,
    *,
    changed: bool,
) -> HttpResponse:
    is_recount = "azione" in request.POST
    rows = [_row(occurrence, dates, form, is_recount) for occurrence in dates.occurrences]
    number = sum(row.chosen.isdecimal() for row in rows)
    each = price_for(found, wish.quantity, asker_behind(request.user, now=timezone.now())).you_pay
    back = reverse("storefront:listing", args=[district.slug, found.slug])
    context = {
        "listing": found,
        "cooperative": found.stockrecord.partner.cooperative,
        "crumbs": [(said(found, "title"), back), (_("Every week"), "")],
        "back": back,
        "form": None if is_recount else form,
        "wish": wish,
        "rows": rows,
        "number": number,
        "price": each,
        "total": each * number,
        "changed": changed,
        "last_published": dates.last_published,
        "ends_earlier": any(row.occurrence.standing is Standing.BEYOND for row in rows),
    }
    if request.htmx and is_recount:  # type: ignore[attr-defined]
        return render(request, "storefront/_series_sum.html", context)
    refused = form.is_bound and bool(form.errors) and not is_recount
    return render(request, "storefront/series.html", context, status=422 if refused else 200)


def _wish(listing: Listing, asked: KeepForm) -> Wish | None:
    """Return what the address asks for, or nothing if that cannot be a series of this listing."""
    if not asked.is_valid() or asked.cleaned_data["volte"] < 2:  # noqa: PLR2004  two are the least that repeat
        return None
    try:
        check_quantity(listing, asked.cleaned_data["quanto"])
        slot = slot_of(listing.pk, asked.cleaned_data["orario"])
    except (DomainError, Slot.DoesNotExist):
        return None
    slot.listing = listing
    return Wish(slot, asked.cleaned_data["quanto"], asked.cleaned_data["volte"])


def _dates(request: HttpRequest, wish: Wish) -> Series:
    now = timezone.now()
    return weekly_series(
        wish.slot,
        times=wish.times,
        places=wish.slot.listing.places_for(wish.quantity),
        mine=slots_kept_in(request.basket.pk, now),  # type: ignore[attr-defined]
        now=now,
    )


def _form(request: HttpRequest, dates: Series) -> SeriesForm:
    data = request.POST if request.method == "POST" else None
    form = SeriesForm(data, occurrences=dates.occurrences, language=get_language() or "it")
    form.is_valid()
    return form


def _row(occurrence: Occurrence, dates: Series, form: SeriesForm, is_recount: bool) -> Row:  # noqa: FBT001
    name = field_of(occurrence.day)
    if form.is_bound:
        said = str(form.data.get(name, ""))
        chosen = said if said == "salta" or (said.isdecimal() and int(said) in occurrence.around) else ""
    else:
        # Ticked, because this is what was asked for: every week at this hour. Nothing is kept or paid by it.
        chosen = str(occurrence.slot.pk) if occurrence.is_free and occurrence.slot else ""
    errors = [] if is_recount else [str(error) for error in form.errors.get(name, [])]
    return Row(occurrence, name, _why(occurrence, dates), chosen, errors)


def _why(occurrence: Occurrence, dates: Series) -> str:
    """Return in words why a date is not free."""
    left = occurrence.slot.free if occurrence.slot else 0
    last = day_in_words(dates.last_published, get_language() or "it")
    return {
        Standing.FREE: _("free"),
        Standing.MINE: _("you have it in your basket already"),
        Standing.NEAR: _("too near to book"),
        Standing.FULL: _("no place left"),
        Standing.FEW: _("not enough places: %(left)s left") % {"left": left},
        Standing.CLOSED: _("the cooperative is closed"),
        Standing.HOLIDAY: _("it is a public holiday"),
        Standing.NO_SUCH_HOUR: _("the clocks skip this hour"),
        Standing.BEYOND: _("the calendar ends before, on %(last)s") % {"last": last},
        Standing.ABSENT: _("not offered at this hour"),
    }[occurrence.standing]
