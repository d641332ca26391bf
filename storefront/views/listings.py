from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.models import Listing
from catalogue.pricing import price_for
from catalogue.quantity import QuantityOffStep, QuantityTooLarge, QuantityTooSmall, check_quantity
from checkout.asking import asker_behind
from checkout.keep_booking import keep_booking
from checkout.keeping import AlreadyKept
from kernel.errors import DomainError
from kernel.templating import said
from people.acting import actor_behind
from people.network import address_behind
from providers.keep_slot import slot_of
from providers.models import Slot
from storefront.districts import in_district
from storefront.forms import DaysForm, FilterForm, KeepForm
from storefront.kept_pages import kept_page
from storefront.listing_version import listing_version
from storefront.memory import remember_place, remembered_slug
from storefront.offers import clamp
from storefront.times import times_of
from territory.models import District

QUANTITY_REFUSED = (QuantityTooSmall, QuantityTooLarge, QuantityOffStep)


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, listing: str, district: str) -> HttpResponse:
    """One listing with its price and its times; POST keeps one, leads to a series, or shows other days."""
    return kept_page(
        request,
        version=lambda: listing_version(
            district=district,
            listing=listing,
            place=request.GET.get("comune", remembered_slug(request)),
            now=timezone.now(),
        ),
        fresh=lambda: _listing(request, listing=listing, district=district),
    )


@in_district
def _listing(request: HttpRequest, listing: str, district: District) -> HttpResponse:
    found = get_object_or_404(on_sale(district), slug=listing)
    asked = FilterForm(request.GET, district=district, kind=found.kind)
    asked.is_valid()
    place = asked.cleaned_data.get("comune")
    wants_other_days = "da" in request.POST
    if wants_other_days:
        form = KeepForm(listing=found, initial=request.POST.dict())
    elif request.method == "POST":
        form = KeepForm(request.POST, listing=found)
        if form.is_valid() and (answer := _keep(request, found, form, district)):
            return answer
    else:
        form = KeepForm(
            listing=found, initial={"quanto": _as_typed(clamp(found, asked.cleaned_data.get("quanto")))}
        )

    quantity = _quantity_shown(found, form)
    days = DaysForm(request.POST if wants_other_days else request.GET)
    day = days.cleaned_data["da"] if days.is_valid() else None
    context = {
        "listing": found,
        "crumbs": [(found.kind.name, _kind_page(found, district)), (said(found, "title"), "")],
        "photos": list(found.photos.shown()),
        "cooperative": found.stockrecord.partner.cooperative,
        "form": form,
        "day": day,
        "here": _with_day(request, day),
        "place": place,
        "is_out_of_area": place is not None and not found.area.filter(pk=place.pk).exists(),
        "tiers": found.tiers.order_by("from_people"),
        "times": times_of(
            found,
            places=found.places_for(quantity),
            asked_day=day,
            chosen_id=_chosen(form),
            now=timezone.now(),
        ),
        "places": found.places_for(quantity),
        "is_twice": form.has_error("orario", AlreadyKept.code),
        "quantity": quantity,
        "price": price_for(found, quantity, asker_behind(request.user, now=timezone.now())),
    }
    response = render(request, "storefront/listing.html", context, status=422 if form.errors else 200)
    if place is not None:
        remember_place(response, district, place)
    return response


def _keep(request: HttpRequest, found: Listing, form: KeepForm, district: District) -> HttpResponse | None:
    """Keep the time, or lead to its series; add to the form why it cannot be."""
    slot_id, quantity, times = (form.cleaned_data[name] for name in ("orario", "quanto", "volte"))
    try:
        if times > 1:
            check_quantity(found, quantity)
            slot_of(found.pk, slot_id)
            wish = urlencode({"orario": slot_id, "quanto": _as_typed(quantity), "volte": times})
            return redirect(f"{reverse('storefront:series', args=[district.slug, found.slug])}?{wish}")
        keep_booking(
            basket=request.basket,  # type: ignore[attr-defined]
            listing=found,
            slot_id=slot_id,
            quantity_milli=quantity,
            address=address_behind(request),
            by=actor_behind(request.user),
            now=timezone.now(),
            again=form.cleaned_data["due_volte"],
        )
    except Slot.DoesNotExist:
        form.add_error("orario", KeepForm.base_fields["orario"].error_messages["required"])
    except DomainError as refusal:
        field = "quanto" if isinstance(refusal, QUANTITY_REFUSED) else "orario"
        form.add_error(field, ValidationError(str(refusal), code=refusal.code))
    else:
        return redirect("storefront:basket", district.slug)
    return None


@require_safe
@in_district
def price(request: HttpRequest, listing: str, district: District) -> HttpResponse:
    """The price for the quantity being typed, for htmx; without it the whole page answers."""
    found = get_object_or_404(on_sale(district), slug=listing)
    asked = FilterForm(request.GET, district=district, kind=found.kind)
    context: dict[str, object] = {"listing": found}
    if asked.is_valid() and (quantity := asked.cleaned_data["quanto"]):
        try:
            check_quantity(found, quantity)
            asker = asker_behind(request.user, now=timezone.now())
            context |= {"quantity": quantity, "price": price_for(found, quantity, asker)}
        except DomainError as refusal:
            context["refusal"] = str(refusal)
    else:
        context["refusal"] = " ".join(map(str, asked.errors.get("quanto", [])))
    return render(request, "storefront/_price_live.html", context)


def _kind_page(listing: Listing, district: District) -> str:
    return reverse("storefront:kind", args=[district.slug, listing.kind.slug])


def on_sale(district: District) -> QuerySet[Listing]:
    """Return what is on sale in a district, with all its pages show of it."""
    found = Listing.objects.on_sale().with_offer().select_related("stockrecord__partner__cooperative")
    return found.filter(kind__district=district)


def _quantity_shown(listing: Listing, form: KeepForm) -> int:
    """Return the quantity whose price the page shows: what was typed if it makes sense, else the minimum."""
    typed = form.cleaned_data.get("quanto") if form.is_bound else _initial(form)
    return clamp(listing, typed)


def _initial(form: KeepForm) -> int | None:
    try:
        return form.fields["quanto"].clean(form.initial.get("quanto"))  # type: ignore[no-any-return]
    except ValidationError:
        return None


def _chosen(form: KeepForm) -> int | None:
    """Return the time that was chosen so far, if what came is one."""
    try:
        return form.fields["orario"].clean(form["orario"].value())  # type: ignore[no-any-return]
    except ValidationError:
        return None


def _with_day(request: HttpRequest, day: date | None) -> str:
    """Return this page's address, with the day from which it shows times: what is posted comes back to them."""
    query = request.GET.copy()
    query.pop("da", None)
    if day:
        query["da"] = day.isoformat()
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _as_typed(milli: int) -> str:
    return f"{milli / 1000:g}".replace(".", ",")
