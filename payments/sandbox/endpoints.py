"""What each endpoint does once its parameters are found good."""

from dataclasses import dataclass

from payments.sandbox.balance import present_balance, present_balance_transaction
from payments.sandbox.captures import cancel_intent, capture_intent
from payments.sandbox.events import present_event
from payments.sandbox.listing import list_objects
from payments.sandbox.refunds import create_refund
from payments.sandbox.refusals import missing_object
from payments.sandbox.sessions import create_session, expire_session
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction


@dataclass(frozen=True)
class Call:
    """One request: its transaction, the id in its path, and its parameters."""

    tx: Transaction
    wanted: str
    params: Json
    public_url: str


def post_session(call: Call) -> Json:
    return create_session(call.tx, call.params, public_url=call.public_url)


def get_session(call: Call) -> Json:
    return _find(call, "checkout.session", param="session")


def get_sessions(call: Call) -> Json:
    return list_objects(
        call.tx,
        "checkout.session",
        call.params,
        url="/v1/checkout/sessions",
        filters=("payment_intent", "status"),
    )


def post_session_expire(call: Call) -> Json:
    return expire_session(call.tx, get_session(call))


def get_intent(call: Call) -> Json:
    return _find(call, "payment_intent", param="intent")


def post_intent_capture(call: Call) -> Json:
    return capture_intent(call.tx, get_intent(call), call.params)


def post_intent_cancel(call: Call) -> Json:
    reason = call.params.get("cancellation_reason")
    return cancel_intent(call.tx, get_intent(call), reason=reason)


def get_charge(call: Call) -> Json:
    return _find(call, "charge", param="id")


def get_balance(call: Call) -> Json:
    return present_balance(call.tx)


def get_balance_transaction(call: Call) -> Json:
    found = _find(call, "balance_transaction", param="id")
    return present_balance_transaction(call.tx, found)


def get_balance_transactions(call: Call) -> Json:
    page = list_objects(
        call.tx,
        "balance_transaction",
        call.params,
        url="/v1/balance_transactions",
        filters=("type", "source", "currency"),
    )
    page["data"] = [present_balance_transaction(call.tx, one) for one in page["data"]]
    return page


def post_refund(call: Call) -> Json:
    return create_refund(call.tx, call.params)


def get_refund(call: Call) -> Json:
    return _find(call, "refund", param="refund")


def get_refunds(call: Call) -> Json:
    return list_objects(
        call.tx,
        "refund",
        call.params,
        url="/v1/refunds",
        filters=("payment_intent", "charge"),
    )


def get_event(call: Call) -> Json:
    return present_event(call.tx, _find(call, "event", param="id"))


def get_events(call: Call) -> Json:
    field = "json_extract(body, '$.type')"
    conditions: list[tuple[str, object]] = []
    if "type" in call.params:  # a wildcard is allowed: charge.*
        conditions.append((f"{field} GLOB ?", call.params["type"]))
    if "types" in call.params:
        wanted = ",".join(call.params["types"])
        conditions.append((f"instr(',' || ? || ',', ',' || {field} || ',') > 0", wanted))
    page = list_objects(call.tx, "event", call.params, url="/v1/events", conditions=conditions)
    page["data"] = [present_event(call.tx, one) for one in page["data"]]
    return page


def _find(call: Call, kind: str, *, param: str) -> Json:
    found = call.tx.get(kind, call.wanted)
    if found is None:
        raise missing_object(kind, call.wanted, param=param)
    return found
