"""Read ``a[b][0][c]=v`` into nested dicts."""

import re
from urllib.parse import parse_qsl

from payments.sandbox.refusals import Refusal
from payments.sandbox.shapes import Json

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_STEP = re.compile(r"\[([^\[\]]*)\]")


def parse_form(encoded: str) -> Json:
    """Return the nested parameters of a query string or form body.

    Lists stay dicts keyed by index: only the parameter's type tells them from hashes.

    :raises Refusal: a name has unbalanced brackets, or is both a value and a hash.
    """
    params: Json = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        match = _NAME.match(name)
        if match is None:
            raise Refusal(f"Invalid parameter name: {name}", param=name)
        _place(params, [match[1], *_STEP.findall(match[2])], value, name)
    return params


def _place(params: Json, steps: list[str], value: str, name: str) -> None:
    level = params
    for depth, step in enumerate(steps):
        key = step or str(len(level))
        if depth == len(steps) - 1:
            if isinstance(level.get(key), dict):
                raise Refusal(f"Invalid hash: {name}", param=name)
            level[key] = value
        else:
            level = level.setdefault(key, {})
            if not isinstance(level, dict):
                raise Refusal(f"Invalid hash: {name}", param=name)
