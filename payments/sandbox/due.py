"""Whatever time alone brings about."""

from payments.sandbox.captures import cancel_intent
from payments.sandbox.charges import settle_charge
from payments.sandbox.refunds import note_reference
from payments.sandbox.sessions import expire_session
from payments.sandbox.store import Store, Transaction


def do_what_is_due(store: Store) -> None:
    """Expire sessions, book charges, note references, let authorisations lapse.

    It runs in the background and before every call, so nobody sees a session outlive
    its time.
    """
    with store.read() as tx:
        if not tx.has_due():
            return
    with store.write() as tx:
        for what, subject in tx.take_due():
            _TURNS[what](tx, subject)


def _expire(tx: Transaction, subject: str) -> None:
    session = tx.get("checkout.session", subject)
    if session is not None and session["status"] == "open":
        expire_session(tx, session)


def _settle(tx: Transaction, subject: str) -> None:
    charge = tx.get("charge", subject)
    if charge is not None and charge["balance_transaction"] is None:
        settle_charge(tx, charge)


def _lapse(tx: Transaction, subject: str) -> None:
    intent = tx.get("payment_intent", subject)
    if intent is not None and intent["status"] == "requires_capture":
        cancel_intent(tx, intent, reason="automatic")


def _reference(tx: Transaction, subject: str) -> None:
    refund = tx.get("refund", subject)
    if refund is not None:
        note_reference(tx, refund)


_TURNS = {
    "expire": _expire,
    "lapse": _lapse,
    "reference": _reference,
    "settle": _settle,
}
