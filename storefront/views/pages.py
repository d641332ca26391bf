from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalogue.price_rules import price_rules
from storefront.districts import in_district
from territory.models import District


@require_safe
@in_district
def page(request: HttpRequest, name: str, district: District) -> HttpResponse:
    """A page of words: help, accessibility, withdrawal, ranking, who runs the site."""
    return render(request, f"storefront/pages/{name}.html")


@require_safe
@in_district
def prices(request: HttpRequest, district: District) -> HttpResponse:
    """How prices are made: by the rules that the program really applies."""
    return render(request, "storefront/pages/prices.html", {"rules": price_rules()})
