"""Read what a person typed into the pay page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from payments.sandbox.cards import is_card_number
from payments.sandbox.payments import TypedCard

_EXPIRY = re.compile(r"^(\d{1,2})\s*/\s*(?:20)?(\d{2})$|^(\d{2})(\d{2})$")
_CVC = re.compile(r"^\d{3,4}$")
_MONTHS = range(1, 13)
_LONGEST_NAME = 200


@dataclass
class CardForm:
    """The typed values, and by field the name of the sentence that corrects it."""

    number: str = ""
    expiry: str = ""
    cvc: str = ""
    holder: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    typed: TypedCard | None = None


def read_card_form(posted: Mapping[str, str], *, now: int) -> CardForm:
    """Return the form: with ``typed`` if all is well, else with ``errors``."""
    form = CardForm(
        number=posted.get("number", "").strip(),
        expiry=posted.get("expiry", "").strip(),
        cvc=posted.get("cvc", "").strip(),
        holder=posted.get("holder", "").strip()[:_LONGEST_NAME],
    )
    digits = re.sub(r"[\s-]", "", form.number)
    if not digits:
        form.errors["number"] = "number_missing"
    elif not is_card_number(digits):
        form.errors["number"] = "number_invalid"
    expiry = _read_expiry(form.expiry)
    if expiry is None:
        form.errors["expiry"] = "expiry_invalid"
    elif _is_past(expiry, now):
        form.errors["expiry"] = "expiry_past"
    if not _CVC.match(form.cvc):
        form.errors["cvc"] = "cvc_invalid"
    if not form.holder:
        form.errors["holder"] = "holder_missing"
    if expiry is not None and not form.errors:
        form.typed = TypedCard(number=digits, holder=form.holder, expiry=expiry)
    return form


def _read_expiry(text: str) -> tuple[int, int] | None:
    match = _EXPIRY.match(text)
    if match is None:
        return None
    month = int(match[1] or match[3])
    year = 2000 + int(match[2] or match[4])
    return (month, year) if month in _MONTHS else None


def _is_past(expiry: tuple[int, int], now: int) -> bool:
    today = datetime.fromtimestamp(now, UTC)
    month, year = expiry
    return (year, month) < (today.year, today.month)
