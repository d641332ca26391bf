"""The door of the REST API: keys, versions, faults, and the way through an endpoint."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from payments.sandbox.authentication import authenticate
from payments.sandbox.connections import cut_connection
from payments.sandbox.due import do_what_is_due
from payments.sandbox.endpoints import Call
from payments.sandbox.events import API_VERSION
from payments.sandbox.expansion import expand
from payments.sandbox.faults import Fault
from payments.sandbox.formdata import parse_form
from payments.sandbox.idempotency import (
    KeptAnswer,
    find_answer,
    keep_answer,
    key_in_use,
)
from payments.sandbox.ids import new_id
from payments.sandbox.imitated import refuse_what_is_not_imitated
from payments.sandbox.parameters import read_parameters
from payments.sandbox.refusals import Refusal
from payments.sandbox.routes import Route, find_route
from payments.sandbox.sandbox import Sandbox, sandbox_of
from payments.sandbox.shapes import Json

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Answer:
    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)


@csrf_exempt
def serve_api(request: HttpRequest) -> HttpResponse:
    """Answer one call of the REST API."""
    sandbox = sandbox_of(request)
    request_id = new_id("req_")
    try:
        authenticate(request, sandbox.configuration)
        _refuse_other_accounts_and_versions(request)
        route, wanted = find_route(str(request.method), request.path)
        fault = sandbox.faults.take(route.name, f"{request.method} {request.path}")
        if fault and fault.kind == "drop_before":
            return cut_connection(request)
        answer = _answer(sandbox, request, route=route, wanted=wanted, fault=fault, request_id=request_id)
        if fault and fault.kind == "drop_after":
            return cut_connection(request)
        if fault and fault.kind == "garbage":
            return HttpResponse("<html><body>502 Bad Gateway</body></html>")
    except Refusal as refusal:
        answer = _Answer(refusal.status, refusal.body, refusal.headers)
    except Exception:  # noqa: BLE001 - callers must get JSON even then
        _log.exception("%s %s", request.method, request.path)
        answer = _Answer(500, _api_error("The sandbox itself failed: see its log."))
    return _respond(request, answer, request_id)


def _answer(
    sandbox: Sandbox,
    request: HttpRequest,
    *,
    route: Route,
    wanted: str,
    fault: Fault | None,
    request_id: str,
) -> _Answer:
    writes = route.method == "POST"
    encoded = request.body.decode(errors="replace") if writes else request.META.get("QUERY_STRING", "")
    given = parse_form(encoded)
    key = request.headers.get("Idempotency-Key") if writes else None
    if fault and fault.kind == "409":
        raise key_in_use(key or "none")
    with sandbox.keys_in_use.hold(key):
        if fault and fault.kind == "hang":
            sandbox.stopping.wait(fault.seconds)
        params = read_parameters(given, route.params)
        refuse_what_is_not_imitated(params, route.imitated)
        do_what_is_due(sandbox.store)
        public_url = sandbox.configuration.public_url
        if not writes:
            if fault and fault.kind == "500":
                return _Answer(500, _api_error("An unknown error occurred."))
            with sandbox.store.read() as tx:
                return _Answer(200, _call(route, Call(tx, wanted, params, public_url)))
        with sandbox.store.write() as tx:
            tx.request = {"id": request_id, "idempotency_key": key}
            call = Call(tx, wanted, params, public_url)
            fails = fault is not None and fault.kind == "500"
            return _write_once(route, call, request.path, given, fails=fails)


def _write_once(route: Route, call: Call, endpoint: str, given: Json, *, fails: bool) -> _Answer:
    """Answer anew, or as before if the key was seen; keep even errors and 500s."""
    tx, key = call.tx, call.tx.request["idempotency_key"]
    if key is not None:
        kept = find_answer(tx, key, endpoint=endpoint, params=given)
        if kept is not None:
            headers = {
                "Idempotent-Replayed": "true",
                "Original-Request": kept.request,
            }
            return _Answer(kept.status, kept.body, headers)
    answer = _Answer(500, _api_error("An unknown error occurred.")) if fails else _change(route, call)
    if key is not None:
        keep_answer(
            tx,
            key,
            endpoint=endpoint,
            params=given,
            answer=KeptAnswer(answer.status, answer.body, tx.request["id"]),
        )
    return answer


def _change(route: Route, call: Call) -> _Answer:
    """Do it all, or leave no trace but the refusal."""
    recorded = len(call.tx.recorded)
    call.tx.connection.execute("SAVEPOINT change")
    try:
        return _Answer(200, _call(route, call))
    except Refusal as refusal:
        call.tx.connection.execute("ROLLBACK TO change")
        del call.tx.recorded[recorded:]
        return _Answer(refusal.status, refusal.body, refusal.headers)


def _call(route: Route, call: Call) -> Json:
    return expand(call.tx, route.answer(call), call.params.get("expand", []))


def _refuse_other_accounts_and_versions(request: HttpRequest) -> None:
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {version}. This sandbox speaks only {API_VERSION}.")
    for header in ("Stripe-Account", "Stripe-Context"):
        if header in request.headers:
            raise Refusal(f"This sandbox has no connected accounts ({header}).")


def _api_error(message: str) -> Json:
    return {"error": {"message": message, "type": "api_error"}}


def _respond(request: HttpRequest, answer: _Answer, request_id: str) -> HttpResponse:
    response = JsonResponse(answer.body, status=answer.status, json_dumps_params={"indent": 2})
    response["Request-Id"] = request_id
    response["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
    if key := request.headers.get("Idempotency-Key"):
        response["Idempotency-Key"] = key
        response.setdefault("Original-Request", request_id)
    if answer.status in (400, 402, 500):
        response["Stripe-Should-Retry"] = "false"
    for name, value in answer.headers.items():
        response[name] = value
    return response
