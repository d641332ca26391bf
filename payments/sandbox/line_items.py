"""What a session sells."""

from payments.sandbox.ids import new_id
from payments.sandbox.refusals import Refusal, missing_param
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction


def build_line_items(tx: Transaction, params: Json) -> list[Json]:
    """Return the line items of a session about to be created.

    :raises Refusal: an item has no price or name, or is not in euro.
    """
    if params.get("currency", "eur") != "eur":
        raise _only_euro(params["currency"], "currency")
    return [_build(tx, item, f"line_items[{place}]") for place, item in enumerate(params["line_items"])]


def _build(tx: Transaction, item: Json, path: str) -> Json:
    if "price_data" not in item:
        raise missing_param(f"{path}[price_data]")
    data = item["price_data"]
    for name in ("product_data", "unit_amount"):
        if name not in data:
            raise missing_param(f"{path}[price_data][{name}]")
    currency = data["currency"].lower()
    if currency != "eur":
        raise _only_euro(currency, f"{path}[price_data][currency]")
    unit_amount, quantity = data["unit_amount"], item.get("quantity", 1)
    for name, number in (
        ("price_data][unit_amount", unit_amount),
        ("quantity", quantity),
    ):
        if number < (1 if name == "quantity" else 0):
            raise Refusal(
                "Invalid non-negative integer",
                code="parameter_invalid_integer",
                param=f"{path}[{name}]",
            )
    amount = unit_amount * quantity
    return {
        "id": new_id("li_1"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": data["product_data"]["name"],
        "metadata": {},
        "price": _build_price(tx, unit_amount, currency),
        "quantity": quantity,
    }


def _build_price(tx: Transaction, unit_amount: int, currency: str) -> Json:
    return {
        "id": new_id("price_1"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": tx.now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod_"),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": unit_amount,
        "unit_amount_decimal": str(unit_amount),
    }


def _only_euro(currency: str, param: str) -> Refusal:
    return Refusal(
        f"This sandbox takes only eur, not {currency}.",
        code="sandbox_not_imitated",
        param=param,
    )
