"""Who may come to the cooperative's desk. For everybody else its pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from providers.access import NotAMember, cooperative_of


def at_the_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the user's own cooperative; a stranger signs in first, an outsider finds nothing."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, district: str, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        try:
            cooperative = cooperative_of(request.user)
        except NotAMember:
            raise Http404 from None
        if not cooperative.districts.filter(slug=district).exists():
            raise Http404
        return view(request, *args, cooperative=cooperative, **kwargs)

    return wrapped
