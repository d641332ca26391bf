"""Stripe's lists: newest first, in pages walked by id."""

from payments.sandbox.refusals import Refusal, missing_object
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_LIMITS = range(1, 101)
_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def list_objects(
    tx: Transaction,
    kind: str,
    params: Json,
    *,
    url: str,
    filters: tuple[str, ...] = (),
    conditions: list[tuple[str, object]] | None = None,
) -> Json:
    """Return one page of the objects of a kind.

    ``filters`` are the parameters that must equal the field of the same name.

    :raises Refusal: ``limit`` is out of range or a cursor is nobody's id.
    """
    limit: int = params.get("limit", 10)
    if limit not in _LIMITS:
        raise Refusal("Invalid limit: must be between 1 and 100", param="limit")
    backwards = "ending_before" in params
    asked = [*(conditions or []), *_cursors(tx, kind, params), *_created(params)]
    found = tx.find(
        kind,
        {name: params[name] for name in filters if name in params},
        conditions=asked,
        newest_first=not backwards,
        limit=limit + 1,
    )
    page = found[:limit]
    if backwards:
        page.reverse()
    return {
        "object": "list",
        "data": page,
        "has_more": len(found) > limit,
        "url": url,
    }


def _cursors(tx: Transaction, kind: str, params: Json) -> list[tuple[str, object]]:
    conditions: list[tuple[str, object]] = []
    for cursor, sign in (("starting_after", "<"), ("ending_before", ">")):
        if cursor in params:
            place = tx.seq(params[cursor])
            if place is None:
                name = kind.replace(".", "_")
                raise missing_object(name, params[cursor], param=cursor, status=400)
            conditions.append((f"seq {sign} ?", place))
    return conditions


def _created(params: Json) -> list[tuple[str, object]]:
    field = "json_extract(body, '$.created')"
    created = params.get("created")
    if created is None:
        return []
    if isinstance(created, int):
        return [(f"{field} = ?", created)]
    return [(f"{field} {_COMPARISONS[sign]} ?", at) for sign, at in created.items()]
