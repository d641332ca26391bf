from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout.asking import asker_behind
from providers.models import Cooperative
from storefront.asking_form import page_in
from storefront.districts import in_district
from storefront.page_of_offers import page_of_offers
from storefront.served import kinds_by, municipalities_by, offers_by
from territory.models import District


@require_safe
@in_district
def cooperative(request: HttpRequest, cooperative: str, district: District) -> HttpResponse:
    """Who enters my home: a cooperative of this district, where it goes, and its offers."""
    with_name = Cooperative.objects.select_related("partner")
    shown = get_object_or_404(with_name, districts=district, slug=cooperative)
    context = {
        "cooperative": shown,
        "districts": shown.districts.order_by("name"),
        "kinds": list(kinds_by(shown, district)),
        "municipalities": list(municipalities_by(shown, district)),
        "found": page_of_offers(
            offers_by(shown, district),
            page=page_in(request.GET.dict()),
            asker=asker_behind(request.user, now=timezone.now()),
        ),
        "crumbs": [(shown.name, "")],
    }
    return render(request, "storefront/cooperative.html", context)
