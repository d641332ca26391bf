from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.clock import rome_date
from storefront.districts import in_district
from territory.models import District, Terms
from territory.terms_of import terms_of


@require_safe
@in_district
def terms(request: HttpRequest, name: str, district: District, version: int | None = None) -> HttpResponse:
    """The version in force today in Rome, or one by its number, of the terms of sale or the privacy notice."""
    text = Terms.Text.PRIVACY if name == "privacy" else Terms.Text.CONDITIONS
    versions = terms_of(district, text, today=rome_date(timezone.now()))
    shown = versions.in_force if version is None else versions.numbered(version)
    if shown is None and version is not None:
        raise Http404
    crumbs = [(str(text.label), "")]
    if version is not None:
        page = reverse(f"storefront:{name}", args=[district.slug])
        crumbs = [(str(text.label), page), (_("Version %(number)s") % {"number": version}, "")]
    context = {
        "text": text,
        "name": name,
        "version_page": f"storefront:{name}_version",
        "versions": versions,
        "shown": shown,
        "is_by_number": version is not None,
        "crumbs": crumbs,
    }
    return render(request, "storefront/terms.html", context)
