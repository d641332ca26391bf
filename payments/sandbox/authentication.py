"""Let in who holds the test key."""

import base64
import binascii
import hmac

from django.http import HttpRequest

from payments.sandbox.configuration import Configuration
from payments.sandbox.refusals import Refusal


def authenticate(request: HttpRequest, configuration: Configuration) -> None:
    """Check the key given as Bearer token or as Basic user name.

    :raises Refusal: there is no key, it is a live one, or it is not ours.
    """
    key = _key_of(request.headers.get("Authorization", ""))
    if not key:
        raise Refusal(
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY').",
            status=401,
        )
    if key.startswith(("sk_live", "rk_live")):
        raise Refusal(
            "This is a test environment and refuses live keys. If this key was real, "
            "roll it: it has just been sent to the wrong place.",
            status=401,
        )
    if not hmac.compare_digest(key.encode(), configuration.secret_key.encode()):
        hidden = key[:8] + "*" * len(key[8:-4]) + key[-4:]
        raise Refusal(f"Invalid API Key provided: {hidden}", status=401)


def _key_of(header: str) -> str:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
