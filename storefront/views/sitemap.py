"""What search engines are told: which pages there are, and which to leave alone."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront.districts import in_district
from storefront.public_addresses import listings_of, pages_of, sections
from territory.models import District

MOST_SECTIONS = 10_000
an_hour = cache_control(public=True, max_age=3600)


@an_hour
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sitemap of sitemaps."""
    return _xml("storefront/sitemap_index.xml", sections())


@an_hour
@require_safe
@in_district
def pages(request: HttpRequest, district: District) -> HttpResponse:
    """A district's pages, listings aside."""
    return _xml("storefront/sitemap.xml", pages_of(district))


@an_hour
@require_safe
@in_district
def listings(request: HttpRequest, number: int, district: District) -> HttpResponse:
    """Ten thousand of a district's listings."""
    found = listings_of(district, number) if 0 < number <= MOST_SECTIONS else []
    if not found:
        raise Http404
    return _xml("storefront/sitemap.xml", found)


@an_hour
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What helps nobody who searches is not to be fetched; other private pages say for themselves that they are."""
    words = render_to_string("storefront/robots.txt", {"sitemap": settings.PUBLIC_URL + reverse("sitemap")})
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _xml(template: str, paths: Iterable[str]) -> HttpResponse:
    addresses = [settings.PUBLIC_URL + path for path in paths]
    return HttpResponse(render_to_string(template, {"addresses": addresses}), content_type="application/xml")
