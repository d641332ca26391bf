from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from storefront.districts import district_of, in_district
from storefront.forms import WhereForm
from storefront.memory import remembered_place
from territory.models import District


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Lead to the district, or let people choose theirs."""
    if only := district_of(request):
        return redirect("storefront:home", only.slug)
    return render(request, "storefront/welcome.html", {"districts": District.objects.order_by("name")})


@require_safe
@in_district
def home(request: HttpRequest, district: District) -> HttpResponse:
    kinds = district.service_kinds.order_by("position")
    place = remembered_place(request, district)
    form = WhereForm(district=district, initial={"comune": place.slug if place else ""})
    return render(request, "storefront/home.html", {"kinds": kinds, "form": form})


@require_safe
@in_district
def search(request: HttpRequest, district: District) -> HttpResponse:
    """Lead from the home page's question to the kind's page."""
    form = WhereForm(request.GET, district=district)
    if not form.is_valid():
        kinds = district.service_kinds.order_by("position")
        return render(request, "storefront/home.html", {"kinds": kinds, "form": form}, status=422)
    address = reverse("storefront:kind", args=[district.slug, form.cleaned_data["servizio"].slug])
    return redirect(f"{address}?{urlencode({'comune': form.cleaned_data['comune'].slug})}")
