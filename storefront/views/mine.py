from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checkout.models import Purchase
from checkout.signed_links import purchase_url
from storefront.districts import in_district
from territory.models import District


@require_safe
@login_required
@in_district
def my_bookings(request: HttpRequest, district: District) -> HttpResponse:
    """What the person has booked here, newest first."""
    mine = Purchase.objects.filter(holder__user=request.user.pk, district=district).select_related("district")
    rows = [(purchase, purchase_url(purchase)) for purchase in mine.order_by("-placed_at")[:50]]
    return render(request, "storefront/my_bookings.html", {"purchases": rows})
