"""Public codes: random, without look-alike letters, closed by a check character.

The alphabet is Crockford's; the check character is Luhn's in base 32, so one mistyped character is always
noticed before the database is asked.
"""

import secrets

from stdnum import luhn
from stdnum.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", "-": None, " ": None})


def new_code(length: int) -> str:
    """Return a new random code of that length, the last character being the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + str(luhn.calc_check_digit(body, ALPHABET))


def tidy(typed: str) -> str:
    """Return what a person typed or dictated as a code: upper case, no dashes, no look-alikes."""
    return typed.strip().upper().translate(LOOK_ALIKES)


def is_well_formed(code: str) -> bool:
    """Return whether the check character fits."""
    try:
        luhn.validate(code, ALPHABET)
    except ValidationError:
        return False
    return True


def grouped(code: str) -> str:
    """Return a code as people read it aloud: ``7KQ4-29``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
