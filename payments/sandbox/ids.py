"""Identifiers that look like Stripe's."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_LENGTHS = {
    "cs_test_a1": 58,
    "evt_1": 23,
    "li_1": 23,
    "pm_1": 23,
    "price_1": 23,
    "prod_": 14,
    "req_": 14,
}


def new_id(prefix: str) -> str:
    """Return a fresh id that starts with ``prefix``."""
    return prefix + random_text(_LENGTHS.get(prefix, 23))


def random_text(length: int) -> str:
    """Return ``length`` unguessable letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
