"""The real addresses, and some more at which things go wrong on purpose."""

from typing import Never

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.csrf import csrf_failure

from marketplace.urls import urlpatterns as real_urlpatterns


def unreadable(request: HttpRequest) -> Never:
    raise SuspiciousOperation


def closed(request: HttpRequest) -> Never:
    raise PermissionDenied


def stale(request: HttpRequest) -> HttpResponse:
    """What Django's guard answers to a form that came without its token."""
    return csrf_failure(request)


def missing(request: HttpRequest) -> Never:
    raise Http404


def broken(request: HttpRequest) -> Never:
    raise ZeroDivisionError


urlpatterns = [
    path("prova/400/", unreadable),
    path("prova/403/", closed),
    path("prova/403-csrf/", stale),
    path("prova/404/", missing),
    path("prova/500/", broken),
    *real_urlpatterns,
]
