"""What the shop remembers of a visitor without an account: the municipality, in the session."""

from django.http import HttpRequest

from territory.models import District, Municipality

PLACE = "place"


def remember_place(request: HttpRequest, municipality: Municipality | None) -> None:
    """Keep the municipality the visitor chose."""
    if municipality is not None and request.session.get(PLACE) != municipality.slug:
        request.session[PLACE] = municipality.slug


def remembered_place(request: HttpRequest, district: District) -> Municipality | None:
    """Return the municipality the visitor chose before, if it is one of this district."""
    slug = request.session.get(PLACE)
    return district.municipalities.filter(slug=slug).first() if slug else None
