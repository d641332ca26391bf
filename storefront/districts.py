"""The district in whose rooms a request walks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from territory.models import District


def district_of(request: HttpRequest) -> District | None:
    """Return the district named in the address, else the only one there is, else none."""
    if not hasattr(request, "_district"):
        match = request.resolver_match
        slug = match.kwargs.get("district") if match else None
        found = District.objects.filter(slug=slug) if slug else District.objects.all()
        few = list(found[:2])
        request._district = few[0] if len(few) == 1 else None  # type: ignore[attr-defined]
    return request._district  # type: ignore[attr-defined, no-any-return]


def in_district(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the district of its address instead of the slug; an unknown one is a 404."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, district: str, **kwargs: Any) -> HttpResponse:
        found = district_of(request)
        if found is None:
            raise Http404
        return view(request, *args, district=found, **kwargs)

    return wrapped
