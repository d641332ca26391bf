"""The parameters this sandbox acts upon.

Stripe knows many more. Taking those in silence would let the shop believe in an effect
that never comes, so they are refused with a code of our own.
"""

import re
from collections.abc import Iterator

from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json

PAGE = ("limit", "starting_after", "ending_before", "created", "expand")

SESSION = (
    "adaptive_pricing[enabled]",
    "allowed_payment_method_types",
    "branding_settings[display_name]",
    "cancel_url",
    "client_reference_id",
    "currency",
    "custom_text[submit]",
    "customer_email",
    "expand",
    "expires_at",
    "line_items[][price_data][currency]",
    "line_items[][price_data][product_data][description]",
    "line_items[][price_data][product_data][metadata]",
    "line_items[][price_data][product_data][name]",
    "line_items[][price_data][unit_amount]",
    "line_items[][quantity]",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data[capture_method]",
    "payment_intent_data[description]",
    "payment_intent_data[metadata]",
    "payment_intent_data[receipt_email]",
    "payment_intent_data[statement_descriptor_suffix]",
    "payment_intent_data[transfer_group]",
    "payment_method_options[card][capture_method]",
    "submit_type",
    "success_url",
    "ui_mode",
)

_INDEX = re.compile(r"\[\d+\]")


def refuse_what_is_not_imitated(params: Json, imitated: tuple[str, ...]) -> None:
    """Let pass only what the sandbox acts upon.

    :raises Refusal: Stripe knows the parameter, but here it would have no effect.
    """
    for path in _paths(params):
        plain = _INDEX.sub("[]", path)
        if not any(plain == one or plain.startswith(one + "[") for one in imitated):
            raise Refusal(
                f"Stripe knows {path}, but this sandbox does not imitate it.",
                code="sandbox_not_imitated",
                param=path,
            )


def _paths(value: object, within: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _paths(inner, f"{within}[{name}]" if within else name)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _paths(inner, f"{within}[{index}]")
    elif within:
        yield within
