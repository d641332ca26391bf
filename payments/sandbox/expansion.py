"""Replace ids by the objects they stand for, where ``expand`` asks for it."""

from payments.sandbox.balance import present_balance_transaction
from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_DEEPEST = 4
_EXPANDABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "balance_transaction": {"source": ("charge", "refund")},
    "charge": {
        "balance_transaction": ("balance_transaction",),
        "customer": (),
        "failure_balance_transaction": (),
        "payment_intent": ("payment_intent",),
    },
    "checkout.session": {
        "customer": (),
        "payment_intent": ("payment_intent",),
    },
    "payment_intent": {
        "customer": (),
        "latest_charge": ("charge",),
        "payment_method": ("payment_method",),
    },
    "refund": {
        "balance_transaction": ("balance_transaction",),
        "charge": ("charge",),
        "payment_intent": ("payment_intent",),
    },
}


def expand(tx: Transaction, answer: Json, paths: list[str]) -> Json:
    """Return the answer with every path of ``expand`` filled in.

    :raises Refusal: a path names what cannot be expanded, or goes too deep.
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST + (steps[0] == "data"):
            raise Refusal(
                f"You cannot expand more than 4 levels of a property: {path}",
                param="expand",
            )
        answer = _expand(tx, answer, steps, path)
    return answer


def _expand(tx: Transaction, value: Json, steps: list[str], path: str) -> Json:
    step, *deeper = steps
    if value["object"] == "list" and step == "data" and deeper:
        return value | {"data": [_expand(tx, v, deeper, path) for v in value["data"]]}
    if value["object"] == "checkout.session" and step == "line_items" and not deeper:
        return value | {"line_items": list_line_items(tx, value["id"])}
    if value["object"] == "charge" and step == "refunds" and not deeper:
        return value | {"refunds": _refunds_of(tx, value["id"])}
    kinds = _EXPANDABLE.get(value["object"], {}).get(step)
    if kinds is None:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    inner = value[step]
    if isinstance(inner, str):
        found = (_present(tx, tx.get(kind, inner)) for kind in kinds)
        inner = next((one for one in found if one is not None), inner)
    if deeper and isinstance(inner, dict):
        inner = _expand(tx, inner, deeper, path)
    return value | {step: inner}


def _present(tx: Transaction, found: Json | None) -> Json | None:
    if found is not None and found["object"] == "balance_transaction":
        return present_balance_transaction(tx, found)
    return found


def list_line_items(tx: Transaction, session: str) -> Json:
    """Return the line items, which a session shows only when asked."""
    return {
        "object": "list",
        "data": tx.private(session)["line_items"],
        "has_more": False,
        "url": f"/v1/checkout/sessions/{session}/line_items",
    }


def _refunds_of(tx: Transaction, charge: str) -> Json:
    return {
        "object": "list",
        "data": tx.find("refund", {"charge": charge}, limit=10),
        "has_more": False,
        "url": f"/v1/charges/{charge}/refunds",
    }
