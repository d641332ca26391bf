"""Time passing, networks breaking, processes dying."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe

SESSIONS = "POST /v1/checkout/sessions"


def test_an_expired_session_can_no_longer_be_paid(sandbox, shop, eventually):
    session = sandbox.session()
    sandbox.type_card(session, "4000000000000002")
    intent = sandbox.intent_of(session)

    expired = sandbox.client.v1.checkout.sessions.expire(session.id)

    assert (expired.status, expired.url) == ("expired", None)
    page = sandbox.type_card(session, "4242424242424242")
    assert "Payment expired" in page.text
    assert "http://shop.test/basket" in page.text
    assert sandbox.intent_of(session).status == "canceled"
    eventually(lambda: "checkout.session.expired" in shop.told_about(session.id))
    eventually(lambda: "payment_intent.canceled" in shop.told_about(intent.id))


def test_sessions_expire_and_holds_lapse_as_time_passes(own_sandbox, eventually):
    in_31_minutes = int(time.time()) + 31 * 60
    session = own_sandbox.session(expires_at=in_31_minutes)
    held = own_sandbox.pay(own_sandbox.session(held=True))

    own_sandbox.call("POST", "/sandbox/clock", json={"advance_seconds": 32 * 60})

    assert own_sandbox.retrieve(session).status == "expired"
    assert own_sandbox.client.v1.payment_intents.retrieve(held.id).status == ("requires_capture")
    shop = own_sandbox.shop
    eventually(lambda: shop.told_about(session.id) == ["checkout.session.expired"])

    own_sandbox.call("POST", "/sandbox/clock", json={"advance_seconds": 8 * 24 * 3600})

    lapsed = own_sandbox.client.v1.payment_intents.retrieve(held.id)
    assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "automatic")


def test_killed_and_started_again_it_keeps_everything_and_delivers(own_sandbox, eventually):
    shop = own_sandbox.shop
    shop.open = False
    session = own_sandbox.session()
    intent = own_sandbox.pay(session)
    eventually(lambda: shop.refused > 0)
    options = {"idempotency_key": "refund-1"}
    params = {"payment_intent": intent.id, "amount": 1_00}
    refund = own_sandbox.client.v1.refunds.create(params, options)

    own_sandbox.stop(signal.SIGKILL)
    shop.open = True
    own_sandbox.start()

    assert own_sandbox.retrieve(session).status == "complete"
    assert own_sandbox.client.v1.refunds.create(params, options).id == refund.id
    eventually(lambda: "refund.created" in shop.told_about(refund.id))
    eventually(
        lambda: (
            shop.told_about(session.id) == ["checkout.session.completed"]
            and "payment_intent.succeeded" in shop.told_about(intent.id)
        )
    )
    event = own_sandbox.client.v1.events.list({"type": "checkout.session.completed"})
    eventually(lambda: own_sandbox.client.v1.events.retrieve(event.data[0].id).pending_webhooks == 0)
    assert own_sandbox.stop(signal.SIGTERM) == 0


def test_a_call_cut_before_did_nothing_and_one_cut_after_did_it(sandbox):
    intent = sandbox.pay(sandbox.session())
    options = {"idempotency_key": f"cut:{intent.id}"}
    params = {"payment_intent": intent.id, "amount": 1_00}

    for kind, refunds in (("drop_before", 0), ("drop_after", 1)):
        sandbox.break_(endpoint="POST /v1/refunds", kind=kind)
        with pytest.raises(stripe.APIConnectionError):
            sandbox.client.v1.refunds.create(params, options)
        found = sandbox.client.v1.refunds.list({"payment_intent": intent.id})
        assert len(found.data) == refunds

    replayed = sandbox.client.v1.refunds.create(params, options)
    assert replayed.id == found.data[0].id
    assert len(sandbox.client.v1.refunds.list({"payment_intent": intent.id}).data) == 1


def test_a_500_is_replayed_under_its_key_but_not_under_another(sandbox):
    sandbox.break_(endpoint=SESSIONS, kind="500")
    fields = {
        "mode": "payment",
        "success_url": "http://shop.test/",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "500",
        "line_items[0][price_data][product_data][name]": "x",
    }

    answers = [
        sandbox.call(
            "POST",
            "/v1/checkout/sessions",
            data=fields,
            headers={"Idempotency-Key": f"broken-{key}"},
        )
        for key in (1, 1, 2)
    ]

    assert [answer.status_code for answer in answers] == [500, 500, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_a_409_happens_as_often_as_asked(sandbox):
    sandbox.break_(endpoint=SESSIONS, kind="409", times=2)

    for _ in range(2):
        with pytest.raises(stripe.StripeError) as refused:
            sandbox.session()
        assert refused.value.http_status == 409
    assert sandbox.session().status == "open"


def test_garbage_comes_after_the_work_was_done(sandbox):
    intent = sandbox.pay(sandbox.session())
    sandbox.break_(endpoint="POST /v1/refunds", kind="garbage")

    with pytest.raises(stripe.APIError):
        sandbox.client.v1.refunds.create({"payment_intent": intent.id})

    assert len(sandbox.client.v1.refunds.list({"payment_intent": intent.id}).data) == 1


def test_a_fault_may_name_one_object_and_be_cleared(sandbox):
    session = sandbox.session()
    path = f"/v1/checkout/sessions/{session.id}"
    sandbox.break_(endpoint=f"GET {path}", kind="500", times=9)

    assert sandbox.call("GET", path).status_code == 500
    assert sandbox.session().status == "open"
    sandbox.call("DELETE", "/sandbox/faults")
    assert sandbox.call("GET", path).status_code == 200


def test_faults_need_the_key_and_known_words(sandbox):
    fault = {"endpoint": SESSIONS, "kind": "500"}

    stranger = requests.post(f"{sandbox.url}/sandbox/faults", json=fault, timeout=5)
    typo = sandbox.call("POST", "/sandbox/faults", json=fault | {"kind": "explode"})

    assert (stranger.status_code, typo.status_code) == (401, 400)
    assert sandbox.session().status == "open"


def test_webhooks_come_never_twice_or_before_the_answer(sandbox, shop, eventually):
    def expire() -> str:
        session = sandbox.session()
        sandbox.client.v1.checkout.sessions.expire(session.id)
        return session.id

    sandbox.break_(webhooks="never")
    never = expire()
    sandbox.break_(webhooks="early")
    early = expire()
    told_before_the_answer = shop.told_about(early)
    sandbox.break_(webhooks="twice")
    twice = expire()

    assert told_before_the_answer == ["checkout.session.expired"]
    eventually(lambda: shop.told_about(twice) == ["checkout.session.expired"] * 2)
    assert shop.told_about(never) == []


def test_different_payments_at_the_same_time_all_arrive(sandbox):
    sessions = [sandbox.session() for _ in range(6)]

    with ThreadPoolExecutor(6) as payers:
        intents = list(payers.map(sandbox.pay, sessions))

    assert [intent.status for intent in intents] == ["succeeded"] * 6
    assert len({intent.id for intent in intents}) == 6
