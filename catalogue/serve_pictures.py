"""Serve the pictures we made, before sessions, languages and baskets are looked at: most of a page's requests.

WhiteNoise cannot: it learns which files there are when the server starts. A server in front may take this over
(``docs/operators.md``).
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from catalogue.models.pictures import FOLDER
from catalogue.picture_files import folder

# Only names that we give: nothing that climbs out of the folder, no draft, nobody's document.
NAME = re.compile(r"[0-9a-f]{32}-(?:[0-9]{3,4}|share)\.(?P<ending>avif|webp|jpg)")
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
A_YEAR = "public, max-age=31536000, immutable"


class PictureMiddleware:
    """Answers for everything under ``MEDIA_URL``: a picture of ours, or that there is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.MEDIA_URL):
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return _picture(request.path_info.removeprefix(f"{settings.MEDIA_URL}{FOLDER}/"))


def _picture(name: str) -> HttpResponse:
    known = NAME.fullmatch(name)
    try:
        content = (folder() / name).read_bytes() if known else b""
    except FileNotFoundError:
        content = b""
    if not known or not content:
        return HttpResponse("404\n", status=404, content_type="text/plain")
    return HttpResponse(
        content,
        content_type=TYPES[known["ending"]],
        headers={
            "Cache-Control": A_YEAR,
            "Content-Length": str(len(content)),
            "X-Content-Type-Options": "nosniff",
        },
    )
