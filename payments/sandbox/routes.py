"""Which endpoints there are, and which of the library's types checks each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from stripe.params._balance_retrieve_params import BalanceRetrieveParams
from stripe.params._balance_transaction_list_params import BalanceTransactionListParams
from stripe.params._balance_transaction_retrieve_params import (
    BalanceTransactionRetrieveParams,
)
from stripe.params._charge_retrieve_params import ChargeRetrieveParams
from stripe.params._event_list_params import EventListParams
from stripe.params._event_retrieve_params import EventRetrieveParams
from stripe.params._payment_intent_cancel_params import PaymentIntentCancelParams
from stripe.params._payment_intent_capture_params import PaymentIntentCaptureParams
from stripe.params._payment_intent_retrieve_params import PaymentIntentRetrieveParams
from stripe.params._refund_create_params import RefundCreateParams
from stripe.params._refund_list_params import RefundListParams
from stripe.params._refund_retrieve_params import RefundRetrieveParams
from stripe.params.checkout._session_create_params import SessionCreateParams
from stripe.params.checkout._session_expire_params import SessionExpireParams
from stripe.params.checkout._session_list_params import SessionListParams
from stripe.params.checkout._session_retrieve_params import SessionRetrieveParams

from payments.sandbox import endpoints, imitated
from payments.sandbox.endpoints import Call
from payments.sandbox.refusals import unrecognized_url
from payments.sandbox.shapes import Json


@dataclass(frozen=True)
class Route:
    """One endpoint: how it is called, what checks it, what answers it."""

    method: str
    template: str
    params: type
    answer: Callable[[Call], Json]
    imitated: tuple[str, ...] = ("expand",)
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = self.template.replace(":id", "(?P<wanted>[A-Za-z0-9_]+)")
        object.__setattr__(self, "pattern", re.compile(f"^{pattern}$"))

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


_SESSIONS = "/v1/checkout/sessions"
_INTENTS = "/v1/payment_intents"
_BOOKED = "/v1/balance_transactions"

ROUTES = (
    Route(
        "POST",
        _SESSIONS,
        SessionCreateParams,
        endpoints.post_session,
        imitated.SESSION,
    ),
    Route(
        "GET",
        _SESSIONS,
        SessionListParams,
        endpoints.get_sessions,
        (*imitated.PAGE, "payment_intent", "status"),
    ),
    Route("GET", f"{_SESSIONS}/:id", SessionRetrieveParams, endpoints.get_session),
    Route(
        "POST",
        f"{_SESSIONS}/:id/expire",
        SessionExpireParams,
        endpoints.post_session_expire,
    ),
    Route("GET", f"{_INTENTS}/:id", PaymentIntentRetrieveParams, endpoints.get_intent),
    Route(
        "POST",
        f"{_INTENTS}/:id/capture",
        PaymentIntentCaptureParams,
        endpoints.post_intent_capture,
        ("amount_to_capture", "expand", "metadata"),
    ),
    Route(
        "POST",
        f"{_INTENTS}/:id/cancel",
        PaymentIntentCancelParams,
        endpoints.post_intent_cancel,
        ("cancellation_reason", "expand"),
    ),
    Route("GET", "/v1/charges/:id", ChargeRetrieveParams, endpoints.get_charge),
    Route("GET", "/v1/balance", BalanceRetrieveParams, endpoints.get_balance),
    Route(
        "GET",
        _BOOKED,
        BalanceTransactionListParams,
        endpoints.get_balance_transactions,
        (*imitated.PAGE, "currency", "source", "type"),
    ),
    Route(
        "GET",
        f"{_BOOKED}/:id",
        BalanceTransactionRetrieveParams,
        endpoints.get_balance_transaction,
    ),
    Route(
        "POST",
        "/v1/refunds",
        RefundCreateParams,
        endpoints.post_refund,
        ("amount", "expand", "metadata", "payment_intent", "reason"),
    ),
    Route(
        "GET",
        "/v1/refunds",
        RefundListParams,
        endpoints.get_refunds,
        (*imitated.PAGE, "charge", "payment_intent"),
    ),
    Route("GET", "/v1/refunds/:id", RefundRetrieveParams, endpoints.get_refund),
    Route(
        "GET",
        "/v1/events",
        EventListParams,
        endpoints.get_events,
        (*imitated.PAGE, "type", "types"),
    ),
    Route("GET", "/v1/events/:id", EventRetrieveParams, endpoints.get_event),
)


def find_route(method: str, path: str) -> tuple[Route, str]:
    """Return the endpoint for a path, and the id within it.

    :raises Refusal: there is no such endpoint.
    """
    for route in ROUTES:
        match = route.pattern.match(path)
        if route.method == method and match:
            return route, match.groupdict().get("wanted", "")
    raise unrecognized_url(method, path)
