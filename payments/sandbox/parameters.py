"""Check parameters against the typed parameters inside the stripe library.

The library's types are generated from Stripe's own description of the API, so whatever
they do not know, Stripe would refuse too.
"""

import re
import types
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe import _request_options
from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from payments.sandbox.refusals import Refusal, missing_param
from payments.sandbox.shapes import Json

# The inherited request options speak of names only their own module knows, one of them
# only to type checkers.
_REQUEST_OPTION_NAMES = vars(_request_options) | {"StripeContext": object}
_INTEGER = re.compile(r"^-?\d{1,18}$")
_DECIMAL = re.compile(r"^-?\d{1,18}(\.\d{1,12})?$")
_MOST_KEYS, _LONGEST_KEY, _LONGEST_VALUE, _LONGEST_TEXT = 50, 40, 500, 5000


def read_parameters(given: Json, of: type, *, within: str = "") -> Json:
    """Return ``given`` with integers, booleans and lists made of their texts.

    :raises Refusal: a parameter is unknown, missing, or not of its type.
    """
    hints, required = _fields(of)
    read: Json = {}
    for name, value in given.items():
        path = f"{within}[{name}]" if within else name
        if name not in hints:
            raise Refusal(
                f"Received unknown parameter: {path}",
                code="parameter_unknown",
                param=path,
            )
        read[name] = _read(value, hints[name], path)
    for name in sorted(required - given.keys()):
        raise missing_param(f"{within}[{name}]" if within else name)
    return read


@cache
def _fields(of: type) -> tuple[dict[str, Any], frozenset[str]]:
    hints = get_type_hints(of, localns=_REQUEST_OPTION_NAMES)
    for option in RequestOptions.__annotations__:
        hints.pop(option, None)
    required: frozenset[str] = getattr(of, "__required_keys__", frozenset())
    return hints, required & hints.keys()


def _read(value: Any, hint: Any, path: str) -> Any:
    branches = list(_branches(hint))
    literals = [text for one in branches for text in _literals(one)]
    if isinstance(value, str):
        return _read_text(value, branches, literals, path)
    for branch in branches:
        if is_typeddict(branch):
            return read_parameters(value, branch, within=path)
        if get_origin(branch) is list:
            return _read_list(value, get_args(branch)[0], path)
        if get_origin(branch) is dict:
            return _read_hash(value, path)
    raise Refusal(f"Invalid {_kind(branches)}: {value}", param=path)


def _branches(hint: Any) -> Iterable[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        for branch in get_args(hint):
            yield from _branches(branch)
    else:
        yield hint


def _literals(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is Literal else ()


def _read_text(value: str, branches: list[Any], literals: list[Any], path: str) -> Any:
    if value in literals:
        return value
    named = [text for text in literals if text != ""]
    if int in branches and _INTEGER.match(value):
        return int(value)
    if bool in branches and value in ("true", "false"):
        return value == "true"
    if Decimal in branches and _DECIMAL.match(value):
        return Decimal(value)
    # The library leaves its enumerations open for later versions; Stripe does not.
    if str in branches and not named:
        return _read_string(value, path)
    if named and int not in branches:
        raise Refusal(f"Invalid {path}: must be one of {', '.join(named)}", param=path)
    kind = _kind(branches)
    raise Refusal(
        f"Invalid {kind}: {value}",
        code="parameter_invalid_integer" if kind == "integer" else None,
        param=path,
    )


def _read_string(value: str, path: str) -> str:
    if not value:
        raise Refusal(
            f"You passed an empty string for '{path}'. We assume empty values are an "
            f"attempt to unset a parameter; however '{path}' cannot be unset. You "
            f"should remove '{path}' from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=path,
        )
    if len(value) > _LONGEST_TEXT:
        raise Refusal(
            f"Invalid string: {value[:16]}…; must be at most 5000 characters",
            param=path,
        )
    return value


def _read_list(value: Json, hint: Any, path: str) -> list[Any]:
    if not all(key.isdecimal() for key in value):
        raise Refusal("Invalid array", param=path)
    ordered = sorted(value, key=int)
    return [_read(value[key], hint, f"{path}[{key}]") for key in ordered]


def _read_hash(value: Json, path: str) -> dict[str, str]:
    """Read metadata, the only hash of free names among our parameters."""
    if len(value) > _MOST_KEYS:
        raise Refusal("Metadata can have at most 50 keys.", param=path)
    read = {}
    for key, text in value.items():
        if not isinstance(text, str):
            raise Refusal(f"Invalid string: {text}", param=f"{path}[{key}]")
        if len(key) > _LONGEST_KEY or len(text) > _LONGEST_VALUE:
            raise Refusal(
                "Metadata keys can have at most 40 characters and values at most 500.",
                param=f"{path}[{key}]",
            )
        if text:  # an empty value unsets, and here nothing was set
            read[key] = text
    return read


def _kind(branches: list[Any]) -> str:
    for branch in branches:
        if branch is int:
            return "integer"
        if branch is bool:
            return "boolean"
        if branch is Decimal:
            return "decimal"
        if get_origin(branch) is list:
            return "array"
        if is_typeddict(branch) or get_origin(branch) is dict:
            return "object"
    return "string"
