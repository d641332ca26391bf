"""Objects have the fields Stripe's library knows, and miss none it takes for granted."""

from typing import Optional, Union, get_args, get_origin

import pytest
import stripe

from payments.sandbox.balance import fee_on
from payments.sandbox.cards import TEST_CARDS, is_card_number
from payments.sandbox.euros import euros
from payments.sandbox.formdata import parse_form

CLASSES = {
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "event": stripe.Event,
    "item": stripe.LineItem,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "price": stripe.Price,
    "refund": stripe.Refund,
}


def test_every_object_has_the_shape_the_library_expects(sandbox):
    session = sandbox.session(held=True)
    intent = sandbox.pay(session)
    sandbox.client.v1.payment_intents.capture(intent.id)
    sandbox.client.v1.refunds.create({"payment_intent": intent.id, "amount": 1_00})
    expand = "&".join(
        f"expand[]={path}"
        for path in (
            "line_items",
            "payment_intent.payment_method",
            "payment_intent.latest_charge.balance_transaction",
            "payment_intent.latest_charge.refunds",
        )
    )
    answers = [
        sandbox.call("GET", f"/v1/checkout/sessions/{session.id}?{expand}").json(),
        sandbox.call("GET", "/v1/balance").json(),
        sandbox.call("GET", "/v1/events?limit=20").json(),
    ]

    seen = set()
    for found in (one for answer in answers for one in objects_in(answer)):
        if found["object"] in CLASSES:
            check_shape(found)
            seen.add(found["object"])

    assert seen == CLASSES.keys()


def test_the_fee_is_rounded_half_up():
    assert [fee_on(cents) for cents in (50, 100, 1_00_00, 33)] == [26, 27, 175, 25]


def test_card_numbers_are_checked_by_luhn():
    assert all(is_card_number(card.number) for card in TEST_CARDS)
    assert not is_card_number("4242424242424243")
    assert not is_card_number("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢")


def test_cents_are_written_as_people_read_them():
    assert euros(1_170_05) == "€1,170.05"
    assert euros(1_170_05, "it") == "1.170,05 €"


def test_brackets_become_nested_parameters():
    assert parse_form("a[b][0][c]=1&a[b][1][c]=2&expand[]=x&expand[]=y&e=") == {
        "a": {"b": {"0": {"c": "1"}, "1": {"c": "2"}}},
        "expand": {"0": "x", "1": "y"},
        "e": "",
    }


@pytest.mark.parametrize("encoded", ["a[b=1", "a[b]]=1", "[a]=1", "a=1&a[b]=2"])
def test_brackets_that_do_not_match_are_refused(encoded):
    from payments.sandbox.refusals import Refusal

    with pytest.raises(Refusal):
        parse_form(encoded)


def objects_in(value):
    if isinstance(value, dict):
        if isinstance(value.get("object"), str):
            yield value
        for inner in value.values():
            yield from objects_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects_in(inner)


def check_shape(found) -> None:
    known = CLASSES[found["object"]].__annotations__
    certain = {
        name
        for name, hint in known.items()
        if not (get_origin(hint) in (Union, Optional) and type(None) in get_args(hint))  # type: ignore[comparison-overlap]
    }
    kind = found["object"]
    assert not found.keys() - known.keys(), (kind, found.keys() - known.keys())
    assert not {n for n in certain if n.islower()} - found.keys() - {"deleted"}, (
        kind,
        certain - found.keys(),
    )
