"""Pages kept from the last time, for visitors of whom nothing personal is shown, while what they show stays the same.

Who has a session, a basket, or anything else that we do not know here to be harmless gets a page of their own. Kept
pages live in the memory of the process that made them: no visitor costs the database a row, and a new release,
which is a new process, starts with none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.cookies import Morsel

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from storefront.memory import PLACE, QUANTITY

PARAMETERS = {"comune", "quanto", "da"}
HARMLESS_COOKIES = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, PLACE, QUANTITY}
LONGEST = 200
PLAIN = re.compile(r"[A-Za-z0-9_.,-]*")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


@dataclass(frozen=True)
class KeptPage:
    """An answer without its visitor: ``parts`` of the body stand around the places of the CSRF token."""

    version: str
    headers: list[tuple[str, str]]
    cookies: "list[Morsel[str]]"
    parts: list[bytes]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return it as this visitor's own."""
        response = HttpResponse(get_token(request).encode().join(self.parts), headers=dict(self.headers))
        for cookie in self.cookies:
            response.set_cookie(
                cookie.key,
                cookie.value,
                max_age=int(cookie["max-age"]),
                path=cookie["path"],
                secure=bool(cookie["secure"]),
                httponly=bool(cookie["httponly"]),
                samesite=cookie["samesite"],
            )
        return response


def kept_page(
    request: HttpRequest, *, version: Callable[[], str | None], fresh: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the page as it was kept if it still is as ``version`` says, else a fresh one, and keep that.

    The version is asked for before the page is made: what changes meanwhile makes it older than it is, never newer.
    """
    if not _is_anybodys(request):
        return fresh()
    now_at = version()
    if now_at is None:
        return fresh()
    key = _key(request)
    kept: KeptPage | None = caches["pages"].get(key)
    if kept is not None and kept.version == now_at:
        return kept.answer(request)
    response = fresh()
    if page := _without_visitor(response, now_at):
        caches["pages"].set(key, page)
    return response


def _is_anybodys(request: HttpRequest) -> bool:
    """Return whether the page would be the same for anybody who asks in these words."""
    asked = request.GET
    return (
        request.method == "GET"
        and not request.htmx  # type: ignore[attr-defined]
        and not settings.PRICE_STEPS  # a step may look at the person
        and set(request.COOKIES) <= HARMLESS_COOKIES
        and set(asked) <= PARAMETERS
        and len(request.META["QUERY_STRING"]) <= LONGEST
        and all(PLAIN.fullmatch(value) for name in asked for value in asked.getlist(name))
        and all(PLAIN.fullmatch(request.COOKIES.get(name, "")) for name in (PLACE, QUANTITY))
    )


def _key(request: HttpRequest) -> str:
    """Return what the visitor asks for, in short: the address to the letter, the language, what is remembered."""
    remembered = (request.COOKIES.get(name) for name in (PLACE, QUANTITY))
    said = (request.path, request.META["QUERY_STRING"], get_language(), *remembered)
    return sha256(repr(said).encode()).hexdigest()


def _without_visitor(response: HttpResponse, version: str) -> KeptPage | None:
    """Return the answer without this visitor's token, if it is a page that can be anybody's."""
    tokens = set(TOKEN.findall(response.content))
    if response.status_code != HTTPStatus.OK or len(tokens) != 1 or set(response.cookies) - {PLACE}:
        return None
    return KeptPage(
        version=version,
        headers=list(response.items()),
        cookies=list(response.cookies.values()),
        parts=response.content.split(tokens.pop()),
    )
