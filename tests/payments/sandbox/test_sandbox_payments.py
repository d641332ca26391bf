"""From a session to money on the balance, by way of the hosted page."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe


def test_a_paid_session_is_complete_and_its_money_booked_less_the_fee(sandbox, shop, eventually):
    session = sandbox.session(
        client_reference_id="PIT-123",
        payment_intent_data={"metadata": {"purchase": "7"}, "transfer_group": "g7"},
    )
    assert session.payment_intent is None

    answer = sandbox.type_card(session, "4242 4242 4242 4242")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://shop.test/done?session={session.id}"
    intent = sandbox.intent_of(session)
    assert (intent.status, intent.amount_received) == ("succeeded", 11_70)
    assert (intent.metadata["purchase"], intent.transfer_group) == ("7", "g7")
    assert intent.latest_charge.balance_transaction is None  # booked a moment later
    eventually(lambda: sandbox.intent_of(session).latest_charge.balance_transaction, seconds=5)
    paid = sandbox.retrieve(session, expand=["payment_intent.latest_charge.balance_transaction"])
    booked = paid.payment_intent.latest_charge.balance_transaction
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    # 1.5 % of 11.70 is 17.55 cents, rounded half up to 18, and 25 more.
    assert (booked.amount, booked.fee, booked.net) == (11_70, 43, 11_27)
    charge = paid.payment_intent.latest_charge.id
    eventually(lambda: "charge.updated" in shop.told_about(charge))
    assert sorted(shop.told_about(session.id, intent.id, charge)) == [
        "charge.succeeded",
        "charge.updated",
        "checkout.session.completed",
        "payment_intent.succeeded",
    ]


def test_a_held_session_is_captured_once_and_in_part(sandbox, shop, eventually):
    session = sandbox.session(held=True)
    intent = sandbox.pay(session)
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 11_70)
    assert sandbox.retrieve(session).payment_status == "unpaid"
    held_until = intent.latest_charge.payment_method_details.card.capture_before
    assert held_until == intent.latest_charge.created + 7 * 24 * 3600

    captured = sandbox.client.v1.payment_intents.capture(
        intent.id,
        {
            "amount_to_capture": 10_00,
            "expand": ["latest_charge.balance_transaction"],
        },
    )

    assert (captured.status, captured.amount_received) == ("succeeded", 10_00)
    assert captured.amount_capturable == 0
    charge = captured.latest_charge
    assert (charge.amount_captured, charge.amount_refunded) == (10_00, 1_70)
    assert (charge.balance_transaction.amount, charge.balance_transaction.fee) == (
        10_00,
        40,
    )
    assert sandbox.retrieve(session).payment_status == "paid"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v1.payment_intents.capture(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    eventually(lambda: "payment_intent.succeeded" in shop.told_about(intent.id))
    assert "payment_intent.amount_capturable_updated" in shop.told_about(intent.id)


def test_more_than_is_held_cannot_be_captured(sandbox):
    intent = sandbox.pay(sandbox.session(held=True))

    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 11_71})

    assert refused.value.code == "amount_too_large"
    found = sandbox.client.v1.payment_intents.retrieve(intent.id)
    assert (found.status, found.amount_received) == ("requires_capture", 0)


def test_a_canceled_hold_gives_everything_back(sandbox, shop, eventually):
    intent = sandbox.pay(sandbox.session(held=True))

    canceled = sandbox.client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.amount_capturable) == ("canceled", 0)
    charge = sandbox.client.v1.charges.retrieve(intent.latest_charge.id)
    assert (charge.refunded, charge.balance_transaction) == (True, None)
    eventually(lambda: "payment_intent.canceled" in shop.told_about(intent.id))


def test_an_intent_of_a_session_cannot_be_canceled_unless_it_holds_money(sandbox):
    session = sandbox.session()
    sandbox.type_card(session, "4000000000000002")
    waiting = sandbox.intent_of(session)
    collected = sandbox.pay(sandbox.session())

    for intent, status in (
        (waiting, "requires_payment_method"),
        (collected, "succeeded"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sandbox.client.v1.payment_intents.cancel(intent.id)
        assert refused.value.code == "payment_intent_unexpected_state"
        assert sandbox.client.v1.payment_intents.retrieve(intent.id).status == status


@pytest.mark.parametrize(
    ("number", "decline_code", "words"),
    [
        ("4000000000000002", "generic_decline", "The bank declined the card."),
        ("4000000000009995", "insufficient_funds", "insufficient funds"),
    ],
)
def test_a_declined_card_leaves_the_session_open_for_another(
    sandbox, eventually, number, decline_code, words
):
    session = sandbox.session()

    declined = sandbox.type_card(session, number)

    assert declined.status_code == 402
    assert words in declined.text
    found = sandbox.retrieve(session, expand=["payment_intent"])
    assert (found.status, found.payment_status) == ("open", "unpaid")
    assert found.payment_intent.status == "requires_payment_method"
    assert found.payment_intent.last_payment_error.decline_code == decline_code

    intent = sandbox.pay(session)

    assert (intent.id, intent.status) == (found.payment_intent.id, "succeeded")
    assert intent.last_payment_error is None
    eventually(
        lambda: (
            {"payment_intent.payment_failed", "payment_intent.succeeded"}
            <= set(sandbox.shop.told_about(intent.id))
        )
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "4242424242424241"}, "The card number is not valid."),
        ({"number": ""}, "Enter the card number."),
        ({"expiry": "13/34"}, "Enter the expiry as month and year"),
        ({"expiry": "01/20"}, "The card has expired."),
        ({"cvc": "1"}, "Enter the three digits"),
        ({"holder": " "}, "Enter the name on the card."),
    ],
)
def test_what_is_typed_wrong_is_corrected_next_to_its_field(sandbox, changes, words):
    session = sandbox.session()

    answer = sandbox.type_card(session, **{"number": "4242424242424242"} | changes)

    assert answer.status_code == 422
    assert words in answer.text
    assert f'id="{next(iter(changes))}-error"' in answer.text
    assert 'role="alert"' in answer.text
    assert sandbox.retrieve(session).payment_intent is None


@pytest.mark.parametrize("held", [False, True])
def test_a_confirmed_3ds_card_pays(sandbox, held):
    session = sandbox.session(held=held)
    asked = sandbox.type_card(session, "4000002760003184")
    assert asked.headers["Location"].startswith("/3ds/")
    assert sandbox.intent_of(session).status == "requires_action"
    page = sandbox.url + asked.headers["Location"]
    assert "Confirm" in requests.get(page, timeout=5).text

    answer = requests.post(page, data={"answer": "confirm"}, allow_redirects=False, timeout=5)

    assert answer.headers["Location"] == f"http://shop.test/done?session={session.id}"
    intent = sandbox.intent_of(session)
    assert intent.status == ("requires_capture" if held else "succeeded")
    again = requests.post(page, data={"answer": "confirm"}, allow_redirects=False, timeout=5)
    assert again.headers["Location"] == answer.headers["Location"]
    assert sandbox.intent_of(session).latest_charge.id == intent.latest_charge.id
    secured = intent.latest_charge.payment_method_details.card.three_d_secure
    assert secured.result == "authenticated"


def test_a_refused_3ds_card_goes_back_to_the_pay_page(sandbox, shop, eventually):
    session = sandbox.session()
    page = sandbox.url + sandbox.type_card(session, "4000002760003184").headers["Location"]

    answer = requests.post(page, data={"answer": "refuse"}, timeout=5)

    assert answer.url == f"{sandbox.url}/pay/{session.id}"
    assert "The bank did not get your confirmation." in answer.text
    intent = sandbox.intent_of(session)
    assert (intent.status, intent.latest_charge) == ("requires_payment_method", None)
    code = intent.last_payment_error.code
    assert code == "payment_intent_authentication_failure"
    eventually(lambda: "payment_intent.payment_failed" in shop.told_about(intent.id))
    assert sandbox.pay(session).status == "succeeded"


def test_a_pay_form_sent_eight_times_at_once_charges_once(sandbox):
    session = sandbox.session()

    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(lambda _: sandbox.type_card(session, "4242424242424242"), range(8)))

    done = f"http://shop.test/done?session={session.id}"
    assert {answer.headers["Location"] for answer in answers} == {done}
    intent = sandbox.intent_of(session)
    assert intent.amount_received == 11_70
    succeeded = sandbox.client.v1.events.list({"type": "charge.succeeded", "limit": 100})
    charges = [e for e in succeeded if e.data.object["payment_intent"] == intent.id]
    assert len(charges) == 1
