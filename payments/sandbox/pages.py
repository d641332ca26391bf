"""The hosted pages: pay, confirm at the bank, and what is left to say afterwards."""

import hmac
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from payments.sandbox.card_form import CardForm, read_card_form
from payments.sandbox.cards import TEST_CARDS
from payments.sandbox.due import do_what_is_due
from payments.sandbox.euros import euros
from payments.sandbox.payments import finish_authentication, try_to_pay
from payments.sandbox.sandbox import sandbox_of
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction
from payments.sandbox.wording import WORDS, language_for

_POLICY = "default-src 'self'; form-action 'self' *; base-uri 'none'; frame-ancestors 'none'"
_STYLESHEET = Path(__file__).parent / "static" / "sandbox.css"


def add_security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the strict policy on every answer (a Django middleware)."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = _POLICY
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "no-referrer"
        response.setdefault("Cache-Control", "no-store")
        return response

    return answer


@require_safe
def tell_health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def send_no_icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


@require_safe
def serve_stylesheet(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_STYLESHEET.read_bytes(), content_type="text/css")
    response["Cache-Control"] = "max-age=300"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def serve_pay_page(request: HttpRequest, session_id: str) -> HttpResponse:
    """Show the form for a card, and pay with what was typed.

    No cookie tells who is there, so there is nothing a forged form could ride on.
    """
    store = sandbox_of(request).store
    do_what_is_due(store)
    if request.method == "POST":
        with store.write() as tx:
            return _pay(request, tx, tx.get("checkout.session", session_id))
    with store.read() as tx:
        session = tx.get("checkout.session", session_id)
        if session is None or session["status"] != "open":
            return _show_closed(request, session)
        return _show_form(request, tx, session, CardForm())


@require_http_methods(["GET", "HEAD", "POST"])
def serve_authentication_page(request: HttpRequest, intent_id: str, token: str) -> HttpResponse:
    """Show the bank's question, and take the answer."""
    store = sandbox_of(request).store
    do_what_is_due(store)
    writes = request.method == "POST"
    with store.write() if writes else store.read() as tx:
        private = tx.private(intent_id)
        intent = tx.get("payment_intent", intent_id)
        known = hmac.compare_digest(private.get("token", ""), token)
        if intent is None or not known:
            return _show_closed(request, None)
        session = tx.get("checkout.session", private["session"])
        if session is None or session["status"] != "open":
            return _leave_or_tell(request, session)
        if intent["status"] != "requires_action":
            return _see_other(f"/pay/{session['id']}")
        if not writes:
            return _show_question(request, tx, session, private["trying"])
        intent = finish_authentication(tx, session, intent, confirmed=request.POST.get("answer") == "confirm")
        return _go_on(session, intent)


def _pay(request: HttpRequest, tx: Transaction, session: Json | None) -> HttpResponse:
    if session is None or session["status"] != "open":
        return _leave_or_tell(request, session)
    form = read_card_form(request.POST, now=tx.now)
    if form.typed is None:
        return _show_form(request, tx, session, form, status=422)
    intent = try_to_pay(tx, session, form.typed)
    if intent["status"] == "requires_action":
        token = tx.private(intent["id"])["token"]
        return _see_other(f"/3ds/{intent['id']}/{token}")
    if intent["status"] == "requires_payment_method":
        return _show_form(request, tx, session, form, status=402)
    return _go_on(session, intent)


def _go_on(session: Json, intent: Json) -> HttpResponse:
    if intent["status"] == "requires_payment_method":
        return _see_other(f"/pay/{session['id']}")
    return _see_other(_success_url(session))


def _leave_or_tell(request: HttpRequest, session: Json | None) -> HttpResponse:
    """Send a second click on «Pay» where the first one went."""
    if request.method == "POST" and session and session["status"] == "complete":
        return _see_other(_success_url(session))
    return _show_closed(request, session)


def _success_url(session: Json) -> str:
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def _show_form(
    request: HttpRequest,
    tx: Transaction,
    session: Json,
    form: CardForm,
    *,
    status: int = 200,
) -> HttpResponse:
    language = language_for(request, session)
    words = WORDS[language]
    fields = ("number", "expiry", "cvc", "holder")
    context = _shared(language, session) | {
        "form": form,
        "errors": {name: words[form.errors[name]] for name in fields if name in form.errors},
        "declined": None if form.errors else _why_not_paid(tx, session, words),
        "items": [
            item | {"amount": euros(item["amount_total"], language)}
            for item in tx.private(session["id"])["line_items"]
        ],
        "cards": [{"number": card.spaced, "effect": words[card.note]} for card in TEST_CARDS if card.note],
    }
    return render(request, "pay.html", context, status=status)


def _why_not_paid(tx: Transaction, session: Json, words: dict[str, str]) -> str | None:
    intent = tx.get("payment_intent", session["payment_intent"] or "")
    error = intent and intent["last_payment_error"]
    if not error:
        return None
    return words[error.get("decline_code", "authentication_failure")]


def _show_question(request: HttpRequest, tx: Transaction, session: Json, method_id: str) -> HttpResponse:
    method = tx.get("payment_method", method_id)
    context = _shared(language_for(request, session), session)
    context["last4"] = method["card"]["last4"] if method else ""
    return render(request, "authenticate.html", context)


def _show_closed(request: HttpRequest, session: Json | None) -> HttpResponse:
    language = language_for(request, session)
    words = WORDS[language]
    kind = session["status"] if session else "missing"
    context: Json = {
        "language": language,
        "words": words,
        "title": words[f"{kind}_title"],
        "text": words[f"{kind}_text"],
    }
    if session is not None:
        done = kind == "complete"
        context["back"] = _success_url(session) if done else session["cancel_url"]
    return render(request, "closed.html", context, status=200 if session else 404)


def _shared(language: str, session: Json) -> Json:
    return {
        "language": language,
        "words": WORDS[language],
        "session": session,
        "amount": euros(session["amount_total"], language),
    }
