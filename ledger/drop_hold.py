"""Drop a hold that was asked for and never funded: nobody paid, nothing is posted."""

from django.db import transaction

from kernel.errors import IllegalTransition
from ledger.models import Hold


def drop_hold(hold_id: int) -> None:
    """Close an asked hold, all of it released. Again, it changes nothing.

    :raises IllegalTransition: the hold was funded: its money goes back by a refund, not like this.
    """
    with transaction.atomic():
        hold = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
        if hold.released_cents == hold.amount_cents:
            return
        if hold.state != Hold.State.ASKED:
            raise IllegalTransition(f"hold {hold} is not merely asked: it cannot be dropped")
        hold.move_to(Hold.State.CLOSED)
        hold.open_cents, hold.released_cents = 0, hold.amount_cents
        hold.save(update_fields=["state", "open_cents", "released_cents"])
