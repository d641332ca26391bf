"""What every page shows around its content."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from checkout.models import Booking
from providers.access import works_at_a_cooperative
from storefront.districts import district_of

PAGES = ("home", "basket", "my_bookings", "help", "accessibility", "privacy", "withdrawal")


def face(request: HttpRequest) -> dict[str, Any]:
    """Return district, links and basket count. Nothing is asked of the database that a page does not print."""
    district = district_of(request)
    links = {"login": _login_link(request), "logout": reverse("account_logout"), "desk": ""}
    if district is not None:
        links |= {page: reverse(f"storefront:{page}", args=[district.slug]) for page in PAGES}
        if works_at_a_cooperative(request.user):
            links["desk"] = reverse("portal:bookings", args=[district.slug])
    return {
        "district": district,
        "links": links,
        "basket_count": SimpleLazyObject(lambda: _basket_count(request)),
        "sandbox": settings.PAYMENTS_ARE_A_SANDBOX,
    }


def _login_link(request: HttpRequest) -> str:
    """Lead back to where the person is, unless that is the signing in itself."""
    login = reverse("account_login")
    here = request.path
    return (
        login
        if request.method != "GET" or here.startswith("/accedi/")
        else f"{login}?{urlencode({'next': here})}"
    )


def _basket_count(request: HttpRequest) -> int:
    if settings.OSCAR_BASKET_COOKIE_OPEN not in request.COOKIES and not request.user.is_authenticated:
        return 0
    basket = getattr(request, "basket", None)
    if basket is None or basket.pk is None:
        return 0
    return Booking.objects.filter(state=Booking.State.KEPT, line__basket=basket.pk).count()
