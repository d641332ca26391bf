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
from kernel.errors import DomainError
from people.acting import actor_behind
from providers.models import Slot
from storefront.districts import in_district
from storefront.forms import FilterForm, KeepForm
from storefront.memory import remember_place
from storefront.offers import clamp, days_with_slots
from territory.models import District

QUANTITY_REFUSED = (QuantityTooSmall, QuantityTooLarge, QuantityOffStep)


@require_http_methods(["GET", "HEAD", "POST"])
@in_district
def listing(request: HttpRequest, listing: str, district: District) -> HttpResponse:
    """One listing with its price and its free times; POST keeps one of them."""
    found = get_object_or_404(_on_sale(district), slug=listing)
    asked = FilterForm(request.GET, district=district, kind=found.kind)
    asked.is_valid()
    place = asked.cleaned_data.get("comune")
    if request.method == "POST":
        form = KeepForm(request.POST, listing=found)
        if form.is_valid():
            try:
                keep_booking(
                    basket=request.basket,  # type: ignore[attr-defined]
                    listing=found,
                    slot_id=form.cleaned_data["orario"],
                    quantity_milli=form.cleaned_data["quanto"],
                    by=actor_behind(request.user),
                    now=timezone.now(),
                )
            except Slot.DoesNotExist:
                form.add_error("orario", KeepForm.base_fields["orario"].error_messages["required"])
            except DomainError as refusal:
                form.add_error("quanto" if isinstance(refusal, QUANTITY_REFUSED) else "orario", str(refusal))
            else:
                return redirect("storefront:basket", district.slug)
    else:
        form = KeepForm(
            listing=found, initial={"quanto": _as_typed(clamp(found, asked.cleaned_data.get("quanto")))}
        )

    quantity = _quantity_shown(found, form)
    context = {
        "listing": found,
        "crumbs": [(found.kind.name, _kind_page(found, district)), (found.title, "")],
        "cooperative": found.stockrecord.partner.cooperative,
        "form": form,
        "place": place,
        "is_out_of_area": place is not None and not found.area.filter(pk=place.pk).exists(),
        "tiers": found.tiers.order_by("from_people"),
        "days": days_with_slots(found, timezone.now()),
        "quantity": quantity,
        "price": price_for(found, quantity, asker_behind(request.user, now=timezone.now())),
    }
    response = render(request, "storefront/listing.html", context, status=422 if form.errors else 200)
    if place is not None:
        remember_place(response, district, place)
    return response


@require_safe
@in_district
def price(request: HttpRequest, listing: str, district: District) -> HttpResponse:
    """The price for the quantity being typed, for htmx; without it the whole page answers."""
    found = get_object_or_404(_on_sale(district), slug=listing)
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


def _on_sale(district: District) -> QuerySet[Listing]:
    found = Listing.objects.on_sale().with_offer().select_related("stockrecord__partner__cooperative")
    return found.filter(kind__district=district)


def _quantity_shown(listing: Listing, form: KeepForm) -> int:
    """Return the quantity whose price the page shows: what was typed if it makes sense, else the minimum."""
    typed = form.cleaned_data.get("quanto") if form.is_bound else None
    return clamp(listing, typed or (None if form.is_bound else _initial(form)))


def _initial(form: KeepForm) -> int | None:
    return form.fields["quanto"].clean(form.initial["quanto"])  # type: ignore[no-any-return]


def _as_typed(milli: int) -> str:
    return f"{milli / 1000:g}".replace(".", ",")
