"""What every page shows around its content."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from checkout.models import Booking
from providers.access import works_at_a_cooperative
from storefront.asking_form import page_in
from storefront.districts import district_of
from storefront.memory import remembered_place
from storefront.public_addresses import PAGES as PUBLIC_PAGES
from territory.models import District, Municipality

PAGES = ("basket", "my_bookings", *PUBLIC_PAGES)
# What search engines may keep, in any district; whatever else there is, or comes, is private until named here.
INDEXED = {
    "welcome",
    *(
        f"storefront:{name}"
        for name in (
            *PUBLIC_PAGES,
            "kind",
            "listing",
            "cooperative",
            "municipality",
            "place",
            "terms_version",
            "privacy_version",
        )
    ),
}
BEGINNINGS = {"welcome", "storefront:home"}
PAGE = "pagina"


def face(request: HttpRequest) -> dict[str, Any]:
    """Return district, links, place and basket count, and how others may name and keep the page.

    Nothing is asked of the database that a page does not print.
    """
    district = district_of(request)
    name = request.resolver_match.view_name if request.resolver_match else ""
    links = {"login": _login_link(request), "logout": reverse("account_logout"), "desk": ""}
    if district is not None:
        links |= {page: reverse(f"storefront:{page}", args=[district.slug]) for page in PAGES}
        if works_at_a_cooperative(request.user):
            links["desk"] = reverse("portal:bookings", args=[district.slug])
    return {
        "district": district,
        "links": links,
        "basket_count": SimpleLazyObject(lambda: _basket_count(request)),
        "remembered": SimpleLazyObject(lambda: _remembered(request, district)),
        "sandbox": settings.PAYMENTS_ARE_A_SANDBOX,
        "public_url": settings.PUBLIC_URL,
        "canonical": _canonical(request) if name in INDEXED else "",
        "is_indexed": name in INDEXED and set(request.GET) <= {PAGE},
        "is_inner": name not in BEGINNINGS,
    }


def _canonical(request: HttpRequest) -> str:
    """Return the one address of a page: without filters, which only choose among what it has."""
    page = page_in(request.GET.dict())
    return f"{settings.PUBLIC_URL}{request.path}" + (f"?{PAGE}={page}" if page > 1 else "")


def _remembered(request: HttpRequest, district: District | None) -> Municipality | None:
    """Return the place chosen before, unless this very address chooses another, or none."""
    return remembered_place(request, district) if district and "comune" not in request.GET else None


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
