"""Errors in the shape Stripe gives them."""

from collections.abc import Mapping
from typing import Any

from payments.sandbox.shapes import Json

_DOCUMENTED = "https://docs.stripe.com/error-codes#"


class Refusal(Exception):
    """An answer other than 200, as status and error body."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        type: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.error: Json = {"message": message, "type": type, **extra}
        if code is not None:
            self.error |= {"code": code, "doc_url": _DOCUMENTED + code}
        if param is not None:
            self.error["param"] = param

    @property
    def body(self) -> Json:
        return {"error": self.error}


def missing_object(kind: str, wanted: str, *, param: str, status: int = 404) -> Refusal:
    """Return the refusal for an id nobody has."""
    return Refusal(
        f"No such {kind}: '{wanted}'",
        code="resource_missing",
        param=param,
        status=status,
    )


def missing_param(name: str) -> Refusal:
    """Return the refusal for a required parameter that was not sent."""
    return Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)


def unrecognized_url(method: str, path: str) -> Refusal:
    """Return the refusal for an endpoint that does not exist (here)."""
    return Refusal(
        f"Unrecognized request URL ({method}: {path}). Please see "
        "https://docs.stripe.com or we can help at https://support.stripe.com/.",
        status=404,
    )
