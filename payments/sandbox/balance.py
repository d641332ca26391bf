"""Balance transactions: what moved the balance, and what Stripe kept of it."""

from payments.sandbox.ids import new_id
from payments.sandbox.shapes import Json
from payments.sandbox.store import Transaction

_AVAILABLE_AFTER = 7 * 24 * 3600
_FEE_PER_TEN_THOUSAND, _FIXED_FEE = 150, 25


def fee_on(amount: int) -> int:
    """Return 1.5 % and 25 cents, rounded half up."""
    return (amount * _FEE_PER_TEN_THOUSAND + 5000) // 10000 + _FIXED_FEE


def book_charge(tx: Transaction, charge: Json, *, at_once: bool) -> Json:
    """Credit what the charge captured, less the fee.

    ``at_once`` makes it available now rather than in a week.
    """
    amount: int = charge["amount_captured"]
    fee = fee_on(amount)
    return _book(
        tx,
        amount=amount,
        fee=fee,
        fee_details=[
            {
                "amount": fee,
                "application": None,
                "currency": charge["currency"],
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ],
        currency=charge["currency"],
        available_on=tx.now if at_once else tx.now + _AVAILABLE_AFTER,
        description=charge["description"],
        source=charge["id"],
        type="charge",
        reporting_category="charge",
    )


def book_refund(tx: Transaction, refund: Json, *, available_on: int) -> Json:
    """Debit a refund; the fee on the charge stays with Stripe."""
    return _book(
        tx,
        amount=-refund["amount"],
        fee=0,
        fee_details=[],
        currency=refund["currency"],
        available_on=max(available_on, tx.now),
        description="REFUND FOR CHARGE",
        source=refund["id"],
        type="refund",
        reporting_category="refund",
    )


def present_balance_transaction(tx: Transaction, booked: Json) -> Json:
    """Return it as pending until its day has come."""
    available = booked["available_on"] <= tx.now
    return booked | {"status": "available" if available else "pending"}


def present_balance(tx: Transaction) -> Json:
    """Return the balance as the sum of everything booked."""
    sums = {"available": 0, "pending": 0}
    for booked in tx.find("balance_transaction"):
        status = present_balance_transaction(tx, booked)["status"]
        sums[status] += booked["net"]
    return {
        "object": "balance",
        "available": [_in_euro(sums["available"])],
        "livemode": False,
        "pending": [_in_euro(sums["pending"])],
        "refund_and_dispute_prefunding": {
            "available": [{"amount": 0, "currency": "eur"}],
            "pending": [{"amount": 0, "currency": "eur"}],
        },
    }


def _in_euro(amount: int) -> Json:
    return {"amount": amount, "currency": "eur", "source_types": {"card": amount}}


def _book(tx: Transaction, *, amount: int, fee: int, **rest: object) -> Json:
    booked: Json = {
        "id": new_id("txn_3"),
        "object": "balance_transaction",
        "amount": amount,
        "balance_type": "payments",
        "created": tx.now,
        "exchange_rate": None,
        "fee": fee,
        "net": amount - fee,
        "status": "pending",
        **rest,
    }
    tx.add(booked)
    return booked
