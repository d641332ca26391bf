"""What the shop remembers of a visitor without an account, in the session: the place, payments begun."""

from django.http import HttpRequest

from territory.models import District, Municipality

PLACE = "place"
BEGUN = "begun"


def remember_place(request: HttpRequest, municipality: Municipality | None) -> None:
    """Keep the municipality the visitor chose."""
    if municipality is not None and request.session.get(PLACE) != municipality.slug:
        request.session[PLACE] = municipality.slug


def remembered_place(request: HttpRequest, district: District) -> Municipality | None:
    """Return the municipality the visitor chose before, if it is one of this district."""
    slug = request.session.get(PLACE)
    return district.municipalities.filter(slug=slug).first() if slug else None


def remember_begun(request: HttpRequest, purchase_code: str) -> None:
    """Keep the purchase that the visitor has begun to pay, so that the basket can lead back to it."""
    begun = request.session.get(BEGUN, [])
    if purchase_code not in begun:
        request.session[BEGUN] = [*begun, purchase_code][-5:]
