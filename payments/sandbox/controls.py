"""The levers of the sandbox itself: faults and the clock."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from payments.sandbox.authentication import authenticate
from payments.sandbox.due import do_what_is_due
from payments.sandbox.refusals import Refusal, unrecognized_url
from payments.sandbox.sandbox import Sandbox, sandbox_of
from payments.sandbox.shapes import Json


@csrf_exempt
def serve_controls(request: HttpRequest, lever: str) -> HttpResponse:
    """Set or clear faults, or move the clock."""
    sandbox = sandbox_of(request)
    try:
        authenticate(request, sandbox.configuration)
        if lever == "faults" and request.method in ("GET", "POST", "DELETE"):
            return JsonResponse(_faults(sandbox, request))
        if lever == "clock" and request.method in ("GET", "POST"):
            return JsonResponse(_clock(sandbox, request))
        raise unrecognized_url(str(request.method), request.path)
    except Refusal as refusal:
        return JsonResponse(refusal.body, status=refusal.status)


def _faults(sandbox: Sandbox, request: HttpRequest) -> Json:
    if request.method == "POST":
        sandbox.faults.add(_body(request))
    elif request.method == "DELETE":
        sandbox.faults.clear()
    return sandbox.faults.describe()


def _clock(sandbox: Sandbox, request: HttpRequest) -> Json:
    if request.method == "POST":
        seconds = _body(request).get("advance_seconds")
        if not isinstance(seconds, int) or seconds < 0:
            raise Refusal(
                "advance_seconds: a whole number; the clock only goes forward",
                param="advance_seconds",
            )
        with sandbox.store.write() as tx:
            tx.advance_clock(seconds)
        do_what_is_due(sandbox.store)
    with sandbox.store.read() as tx:
        return {"now": tx.now}


def _body(request: HttpRequest) -> Json:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refusal("The body must be JSON.") from None
    if not isinstance(body, dict):
        raise Refusal("The body must be a JSON object.")
    return body
