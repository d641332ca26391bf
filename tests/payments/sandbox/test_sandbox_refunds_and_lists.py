"""Refunds, the balance, and walking lists."""

import pytest
import stripe


def test_a_refund_leaves_the_fee_with_stripe(sandbox, shop, eventually):
    intent = sandbox.pay(sandbox.session(held=True))
    charge = sandbox.client.v1.payment_intents.capture(intent.id).latest_charge
    before = booked_of(sandbox, charge)

    refund = sandbox.client.v1.refunds.create(
        {
            "payment_intent": intent.id,
            "amount": 3_00,
            "reason": "requested_by_customer",
            "metadata": {"row": "9"},
            "expand": ["balance_transaction", "charge"],
        }
    )

    assert (refund.status, refund.amount, refund.metadata["row"]) == (
        "succeeded",
        3_00,
        "9",
    )
    booked = refund.balance_transaction
    assert (booked.amount, booked.fee, booked.net) == (-3_00, 0, -3_00)
    assert (refund.charge.amount_refunded, refund.charge.refunded) == (3_00, False)
    assert booked_of(sandbox, charge, refund.id) == before - 3_00
    listed = sandbox.client.v1.refunds.list({"payment_intent": intent.id})
    assert [one.id for one in listed.data] == [refund.id]
    eventually(lambda: "refund.updated" in shop.told_about(refund.id))
    assert shop.told_about(refund.id) == ["refund.created", "refund.updated"]
    assert "charge.refunded" in shop.told_about(intent.latest_charge.id)


def test_more_than_was_captured_is_never_refunded(sandbox):
    intent = sandbox.pay(sandbox.session(held=True))
    sandbox.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10_00})
    sandbox.client.v1.refunds.create({"payment_intent": intent.id, "amount": 4_00})

    with pytest.raises(stripe.InvalidRequestError) as too_much:
        sandbox.client.v1.refunds.create({"payment_intent": intent.id, "amount": 6_01})
    sandbox.client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as nothing_left:
        sandbox.client.v1.refunds.create({"payment_intent": intent.id})

    assert too_much.value.user_message == (
        "Refund amount (€6.01) is greater than unrefunded amount on charge (€6.00)"
    )
    assert nothing_left.value.code == "charge_already_refunded"
    refunds = sandbox.client.v1.refunds.list({"payment_intent": intent.id})
    assert sum(one.amount for one in refunds.data) == 10_00


def test_what_is_only_held_or_unknown_cannot_be_refunded(sandbox):
    held = sandbox.pay(sandbox.session(held=True))

    for intent, code in (
        (held.id, "payment_intent_unexpected_state"),
        ("pi_nobody", "resource_missing"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sandbox.client.v1.refunds.create({"payment_intent": intent})
        assert (refused.value.code, refused.value.http_status) == (code, 400)
    assert sandbox.client.v1.refunds.list({"payment_intent": held.id}).data == []


def test_the_balance_is_what_was_booked(own_sandbox):
    # Of its own: elsewhere payments of other tests may still be booked.
    intent = own_sandbox.pay(own_sandbox.session(held=True))
    before = balance(own_sandbox)

    captured = own_sandbox.client.v1.payment_intents.capture(intent.id, {"expand": ["latest_charge"]})

    assert balance(own_sandbox) == before + 11_70 - 43
    booked = own_sandbox.client.v1.balance_transactions.list(
        {"source": captured.latest_charge.id, "type": "charge", "limit": 3}
    ).data
    assert [one.net for one in booked] == [11_27]
    found = own_sandbox.client.v1.balance_transactions.retrieve(booked[0].id, {"expand": ["source"]})
    assert found.source.id == captured.latest_charge.id
    assert found.status == "pending"


def test_lists_are_walked_newest_first_by_id(sandbox):
    opened = [sandbox.session().id for _ in range(5)]
    page = sandbox.client.v1.checkout.sessions.list({"limit": 2, "status": "open"})
    walked = [session.id for session in page.data]
    while len(walked) < 5:
        assert page.has_more
        page = sandbox.client.v1.checkout.sessions.list(
            {"limit": 2, "status": "open", "starting_after": walked[-1]}
        )
        walked += [session.id for session in page.data]

    assert walked[:5] == opened[::-1]


def test_a_session_is_found_by_its_intent(sandbox):
    session = sandbox.session()
    intent = sandbox.pay(session)

    found = sandbox.client.v1.checkout.sessions.list(
        {"payment_intent": intent.id, "expand": ["data.payment_intent"]}
    )

    assert [one.id for one in found.data] == [session.id]
    assert found.data[0].payment_intent.id == intent.id


def test_line_items_appear_only_when_asked_for(sandbox):
    session = sandbox.session()

    plain = sandbox.call("GET", f"/v1/checkout/sessions/{session.id}").json()
    asked = sandbox.retrieve(session, expand=["line_items"])

    assert "line_items" not in plain
    assert [item.description for item in asked.line_items.data] == ["Acquisto PIT-2026-000123"]


def booked_of(sandbox, *sources: str) -> int:
    """What a charge and its refunds have brought, whatever else is booked meanwhile."""
    listed = (sandbox.client.v1.balance_transactions.list({"source": source}).data for source in sources)
    return sum(one.net for booked in listed for one in booked)


def balance(sandbox) -> int:
    found = sandbox.client.v1.balance.retrieve()
    return sum(part.amount for part in (*found.available, *found.pending))
