from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import Listing
from checkout.asking import asker_behind
from storefront.asking_form import AskingForm
from storefront.districts import in_district
from storefront.offers import offers_of
from territory.models import District

MOST_COMPARED = 3


@require_safe
@in_district
def compare(request: HttpRequest, district: District) -> HttpResponse:
    """Up to three offers side by side, for one quantity."""
    slugs = list(dict.fromkeys(request.GET.getlist("a")))
    known = dict(
        Listing.objects.on_sale()
        .filter(kind__district=district, slug__in=slugs[:MOST_COMPARED])
        .values_list("slug", "pk")
    )
    form = AskingForm(request.GET.dict(), kind=None)
    form.is_valid()
    offers = offers_of(
        [known[slug] for slug in slugs if slug in known],
        quantity=form.cleaned_data.get("quanto"),
        asker=asker_behind(request.user, now=timezone.now()),
    )
    context = {
        "offers": offers,
        "left_out": len(slugs) > MOST_COMPARED,
        "crumbs": [(_("Compare"), "")],
    }
    return render(request, "storefront/compare.html", context)
