"""A page for developers: the latest sessions and events."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from payments.sandbox.due import do_what_is_due
from payments.sandbox.euros import euros
from payments.sandbox.events import DELIVERED, present_event
from payments.sandbox.sandbox import sandbox_of
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_SHOWN = 25


@require_safe
def show_overview(request: HttpRequest) -> HttpResponse:
    """List what happened lately, newest first."""
    sandbox = sandbox_of(request)
    do_what_is_due(sandbox.store)
    with sandbox.store.read() as tx:
        context = {
            "now": _moment(tx.now),
            "faults": sandbox.faults.describe(),
            "webhook_url": sandbox.configuration.webhook_url,
            "sessions": [
                session
                | {
                    "at": _moment(session["created"]),
                    "amount": euros(session["amount_total"]),
                }
                for session in tx.find("checkout.session", limit=_SHOWN)
            ],
            "events": [_describe_event(tx, event) for event in tx.find("event", limit=_SHOWN)],
        }
    return render(request, "overview.html", context)


def _describe_event(tx: Transaction, event: Json) -> Json:
    row = tx.connection.execute(
        "SELECT sum(attempts), max(last_answer) FROM deliveries WHERE event = ?",
        (event["id"],),
    ).fetchone()
    pending = present_event(tx, event)["pending_webhooks"]
    if row[0] is None:
        state = "not delivered" if event["type"] in DELIVERED else "not subscribed"
    elif pending:
        state = f"waiting, {row[0]} tries, last answer {row[1] or 'none yet'}"
    else:
        state = "delivered"
    return event | {
        "at": _moment(event["created"]),
        "subject": event["data"]["object"]["id"],
        "state": state,
    }


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
