from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import ServiceKind
from kernel.clock import rome_date
from storefront.asking_form import words_in
from storefront.districts import in_district
from storefront.forms import WhereForm
from storefront.memory import remember_place, remember_quantity
from storefront.results import Results, results
from storefront.views.home import show_home
from territory.models import District

# What the kind's own page understands of a search without words.
HANDED_ON = ("comune", "quando", "quanto", "prezzo")


@require_safe
@in_district
def search(request: HttpRequest, district: District) -> HttpResponse:
    """Offers that say the words; without words, the chosen kind's page has them."""
    if not words_in(request.GET):
        form = WhereForm(request.GET, district=district, today=rome_date(timezone.now()))
        if not form.is_valid():
            return show_home(request, district, form)
        return redirect(_kind_page(request, district, form.cleaned_data["servizio"], {}))
    found = results(request, district, timezone.now())
    asked = found.asked
    if asked.kind and not asked.words and not found.put_right:
        # A service by its name, and perhaps a place by its own: that has a page.
        named = {"comune": asked.municipality.slug} if asked.municipality else {}
        return redirect(_kind_page(request, district, asked.kind, named))
    return _answer(request, found, [(_("Search"), "")])


@require_safe
@in_district
def kind(request: HttpRequest, kind: str, district: District) -> HttpResponse:
    """The offers of a kind, those with the first free time first."""
    try:
        found = results(request, district, timezone.now(), kind=kind)
    except ServiceKind.DoesNotExist:
        raise Http404 from None
    return _answer(request, found, [(str(found.asked.kind), "")])


def _kind_page(request: HttpRequest, district: District, kind: ServiceKind, named: dict[str, str]) -> str:
    """Return the address of a kind's page that is asked the same."""
    handed_on = {name: request.GET[name] for name in HANDED_ON if request.GET.get(name)} | named
    address = reverse("storefront:kind", args=[district.slug, kind.slug])
    return f"{address}?{urlencode(handed_on)}" if handed_on else address


def _answer(request: HttpRequest, found: Results, crumbs: list[tuple[str, str]]) -> HttpResponse:
    asked = found.asked
    context = {
        "results": found,
        "kind": asked.kind,
        "form": found.form,
        "place": asked.municipality,
        "crumbs": crumbs,
    }
    response = render(request, "storefront/results.html", context, status=422 if found.form.errors else 200)
    if "comune" in request.GET:
        remember_place(response, asked.district, asked.municipality)
    if asked.kind and (typed := found.form.cleaned_data.get("quanto")):
        remember_quantity(response, asked.district, asked.kind, typed)
    return response
