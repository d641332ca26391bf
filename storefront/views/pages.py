from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from storefront.districts import in_district
from territory.models import District


@require_safe
@in_district
def page(request: HttpRequest, name: str, district: District) -> HttpResponse:
    """A page of words: help, accessibility, privacy, withdrawal."""
    return render(request, f"storefront/pages/{name}.html")
