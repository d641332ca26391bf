from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checkout.asking import asker_behind
from storefront.around import counted_municipalities, nearby
from storefront.asking_form import page_in
from storefront.districts import in_district
from storefront.kinds import kinds_on_offer
from storefront.models import IndexedOffer
from storefront.page_of_offers import page_of_offers
from territory.models import District


@require_safe
@in_district
def municipalities(request: HttpRequest, district: District) -> HttpResponse:
    """All municipalities of the district."""
    context = {"municipalities": counted_municipalities(district), "crumbs": [(_("Municipalities"), "")]}
    return render(request, "storefront/municipalities.html", context)


@require_safe
@in_district
def municipality(request: HttpRequest, municipality: str, district: District) -> HttpResponse:
    """What there is in one municipality: services, places, and who is near."""
    shown = get_object_or_404(district.municipalities, slug=municipality)
    context = {
        "municipality": shown,
        "kinds": kinds_on_offer(district, shown),
        "places": list(shown.places.order_by("kind", "name")),
        "nearby": nearby(shown, district),
        "crumbs": [_to_municipalities(district), (shown.name, "")],
    }
    return render(request, "storefront/municipality.html", context)


@require_safe
@in_district
def place(request: HttpRequest, place: str, district: District) -> HttpResponse:
    """What happens at a place, how to get in, and what can be booked there."""
    shown = get_object_or_404(district.places.select_related("municipality"), slug=place)
    of_place = IndexedOffer.objects.filter(district=district, place_ids__contains=[shown.pk])
    town = shown.municipality
    context = {
        "shown": shown,
        "found": page_of_offers(
            of_place,
            page=page_in(request.GET.dict()),
            asker=asker_behind(request.user, now=timezone.now()),
        ),
        "crumbs": [
            _to_municipalities(district),
            (town.name, reverse("storefront:municipality", args=[district.slug, town.slug])),
            # A proper name, said in Italian whatever the page speaks.
            (format_html('<span lang="it">{}</span>', shown.name), ""),
        ],
    }
    return render(request, "storefront/place.html", context)


def _to_municipalities(district: District) -> tuple[str, str]:
    return _("Municipalities"), reverse("storefront:municipalities", args=[district.slug])
