"""What the shop remembers of a visitor without an account: place and quantities in cookies, payments in the session.

Looking around opens no session: a visitor who only compares costs the database no row.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalogue.models import ServiceKind
from kernel.quantity import whole_number
from territory.models import District, Municipality

PLACE, QUANTITY = "luogo", "quanto"
BEGUN = "begun"
KEPT_FOR = 180 * 24 * 3600


def remember_place(response: HttpResponse, district: District, municipality: Municipality | None) -> None:
    """Keep the municipality the visitor chose, or forget it where none was chosen."""
    _keep(response, district, PLACE, municipality.slug if municipality else "")


def remembered_slug(request: HttpRequest) -> str:
    """Return the slug of the municipality the visitor chose before, as the cookie says it."""
    return request.COOKIES.get(PLACE, "")


def remembered_place(request: HttpRequest, district: District) -> Municipality | None:
    """Return the municipality the visitor chose before, if it is one of this district."""
    slug = remembered_slug(request)
    return district.municipalities.filter(slug=slug).first() if slug else None


def remember_quantity(response: HttpResponse, district: District, kind: ServiceKind, milli: int) -> None:
    """Keep how much of a kind the visitor asked for, in thousandths of its unit; of the last kind only."""
    _keep(response, district, QUANTITY, f"{kind.slug}.{milli}")


def remembered_quantity(request: HttpRequest, kind: ServiceKind | None) -> int | None:
    """Return how much of that kind the visitor asked for before, in thousandths of its unit."""
    slug, _, milli = request.COOKIES.get(QUANTITY, "").rpartition(".")
    return whole_number(milli) or None if kind is not None and slug == kind.slug else None


def remember_begun(request: HttpRequest, purchase_code: str) -> None:
    """Keep the purchase that the visitor has begun to pay, so that the basket can lead back to it."""
    begun = request.session.get(BEGUN, [])
    if purchase_code not in begun:
        request.session[BEGUN] = [*begun, purchase_code][-5:]


def _keep(response: HttpResponse, district: District, name: str, value: str) -> None:
    path = f"/{district.slug}/"
    if not value:
        response.delete_cookie(name, path=path, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=KEPT_FOR,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
