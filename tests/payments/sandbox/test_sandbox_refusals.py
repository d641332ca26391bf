"""What Stripe would refuse is refused in Stripe's words, and leaves nothing behind."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

LINE = "line_items[0][price_data]"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"nonsense": "1"}, "parameter_unknown", "nonsense"),
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        (
            {"payment_intent_data": {"colour": "red"}},
            "parameter_unknown",
            "payment_intent_data[colour]",
        ),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"expires_at": "tomorrow"}, "parameter_invalid_integer", "expires_at"),
        ({"cancel_url": ""}, "parameter_invalid_empty", "cancel_url"),
        ({"success_url": "done"}, "url_invalid", "success_url"),
        ({"adaptive_pricing": {"enabled": "maybe"}}, None, "adaptive_pricing[enabled]"),
        ({"metadata": "text"}, None, "metadata"),
        ({"expires_at": int(time.time()) + 29 * 60}, None, "expires_at"),
        ({"expires_at": int(time.time()) + 25 * 3600}, None, "expires_at"),
        ({"allow_promotion_codes": True}, "sandbox_not_imitated", "allow_promotion_codes"),
        ({"mode": "setup"}, "sandbox_not_imitated", "mode"),
    ],
)
def test_a_session_with_a_wrong_parameter_is_not_opened(sandbox, changes, code, param):
    before = newest_session(sandbox)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.session(**changes)

    assert refused.value.http_status == 400
    assert (refused.value.code, refused.value.param) == (code, param)
    assert newest_session(sandbox) == before


@pytest.mark.parametrize(
    ("price_data", "code", "param"),
    [
        (
            {"currency": "eur", "unit_amount": 49, "product_data": {"name": "x"}},
            "amount_too_small",
            None,
        ),
        (
            {"unit_amount": 100, "product_data": {"name": "x"}},
            "parameter_missing",
            f"{LINE}[currency]",
        ),
        (
            {"currency": "eur", "unit_amount": 100, "product_data": {}},
            "parameter_missing",
            f"{LINE}[product_data]",
        ),
        (
            {"currency": "eur", "unit_amount": "1.5", "product_data": {"name": "x"}},
            "parameter_invalid_integer",
            f"{LINE}[unit_amount]",
        ),
    ],
)
def test_a_price_must_be_whole_and_at_least_fifty_cents(sandbox, price_data, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.session(line_items=[{"quantity": 1, "price_data": price_data}])

    assert (refused.value.code, refused.value.param) == (code, param)


@pytest.mark.parametrize("key", ["", "sk_test_other", "sk_live_51SandboxTests"])
def test_a_wrong_key_opens_nothing(sandbox, key):
    answer = sandbox.call("GET", "/v1/balance", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_the_key_may_come_as_basic_user_name(sandbox):
    import base64

    basic = base64.b64encode(sandbox.client._requestor.api_key.encode() + b":").decode()

    answer = sandbox.call("GET", "/v1/balance", headers={"Authorization": f"Basic {basic}"})

    assert answer.status_code == 200


def test_the_sandbox_does_not_start_with_a_live_key(tmp_path):
    started = subprocess.run(
        [
            *(sys.executable, "-m", "payments.sandbox", "--port", "1"),
            *("--data-dir", str(tmp_path / "data"), "--secret-key", "sk_live_x"),
        ],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert started.returncode == 2
    assert "live keys are refused" in started.stderr
    assert not (tmp_path / "data").exists()


def test_unknown_addresses_and_ids_are_not_found(sandbox):
    address = sandbox.call("GET", "/v1/customers")
    object_ = sandbox.call("GET", "/v1/charges/ch_nobody")

    assert address.status_code == object_.status_code == 404
    assert address.json()["error"]["message"].startswith("Unrecognized request URL")
    assert object_.json()["error"]["code"] == "resource_missing"
    assert object_.headers["Request-Id"].startswith("req_")


def test_another_version_of_the_api_is_refused(sandbox):
    answer = sandbox.call("GET", "/v1/balance", headers={"Stripe-Version": "2020-08-27"})

    assert answer.status_code == 400


def test_a_complete_session_cannot_expire(sandbox):
    session = sandbox.session()
    sandbox.pay(session)

    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        sandbox.client.v1.checkout.sessions.expire(session.id)

    assert sandbox.retrieve(session).status == "complete"


def test_the_same_key_and_parameters_get_the_first_answer_again(sandbox):
    fields = session_fields()
    headers = {"Idempotency-Key": "pit:test:1"}

    first = sandbox.call("POST", "/v1/checkout/sessions", data=fields, headers=headers)
    again = sandbox.call("POST", "/v1/checkout/sessions", data=fields, headers=headers)

    assert first.status_code == again.status_code == 200
    assert again.text == first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]


def test_a_refusal_is_replayed_too(sandbox):
    intent = sandbox.pay(sandbox.session())
    options = {"idempotency_key": f"refund:{intent.id}"}
    params = {"payment_intent": intent.id, "amount": 99_99}

    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="greater than"):
            sandbox.client.v1.refunds.create(params, options)

    assert sandbox.client.v1.refunds.list({"payment_intent": intent.id}).data == []


@pytest.mark.parametrize(
    ("path", "change"),
    [("/v1/checkout/sessions", {"client_reference_id": "b"}), ("/v1/refunds", {})],
)
def test_the_same_key_for_another_request_is_an_error(sandbox, path, change):
    headers = {"Idempotency-Key": f"pit:test:2:{path}"}
    fields = session_fields()
    sandbox.call("POST", "/v1/checkout/sessions", data=fields, headers=headers)
    second = fields | change if change else {"payment_intent": "pi_x"}

    answer = sandbox.call("POST", path, data=second, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"


def test_the_same_key_at_the_same_time_is_a_conflict(sandbox):
    sandbox.break_(endpoint="POST /v1/checkout/sessions", kind="hang", seconds=0.5)
    headers = {"Idempotency-Key": "pit:test:3"}

    def post(_: int):
        return sandbox.call("POST", "/v1/checkout/sessions", data=session_fields(), headers=headers)

    with ThreadPoolExecutor(2) as callers:
        answers = sorted(callers.map(post, range(2)), key=lambda a: a.status_code)

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["error"]["code"] == "idempotency_key_in_use"
    assert answers[1].headers["Stripe-Should-Retry"] == "true"


def session_fields() -> dict[str, str]:
    return {
        "mode": "payment",
        "success_url": "http://shop.test/done",
        f"{LINE}[currency]": "eur",
        f"{LINE}[unit_amount]": "500",
        f"{LINE}[product_data][name]": "x",
        "line_items[0][quantity]": "1",
    }


def newest_session(sandbox) -> list[str]:
    return [s.id for s in sandbox.client.v1.checkout.sessions.list({"limit": 1}).data]
