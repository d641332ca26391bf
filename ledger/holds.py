"""The life of a funds hold: asked, funded or set aside, captured, released, undone; never lost.

Every verb may be called again with the same key and then changes nothing. ``cents`` are integer cents.
"""

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import IllegalTransition
from ledger.chart import AccountName, Book, card_world
from ledger.locks import locked_hold
from ledger.models import Hold
from ledger.post import Move, post


def ask_card_hold(*, district_id: int, purpose: str, cents: int) -> Hold:
    """Write down that ``cents`` are awaited from a card for ``purpose`` (``booking:12``). Nothing is posted."""
    return Hold.objects.create(
        district_id=district_id, book=Book.CARD, purpose=purpose, amount_cents=cents, open_cents=cents
    )


def fund_card_hold(hold_id: int, *, by: Actor, now: datetime) -> None:
    """Stripe has collected: post C.world → C.held for the whole hold."""
    with transaction.atomic(savepoint=False):
        hold = locked_hold(hold_id)
        moves = [Move(card_world(), hold.account, hold.amount_cents)]
        if post(
            key=f"fund:{hold.pk}",
            event="collected",
            district_id=hold.district_id,
            moves=moves,
            by=by,
            now=now,
        ):
            hold.move_to(Hold.State.HELD)
            hold.save(update_fields=["state"])


def drop_hold(hold_id: int) -> None:
    """Close an asked hold that nobody paid, all of it released. Nothing is posted.

    :raises IllegalTransition: the hold was funded: its money goes back by a refund, not like this.
    """
    with transaction.atomic(savepoint=False):
        hold = locked_hold(hold_id)
        if hold.released_cents == hold.amount_cents:
            return
        if hold.state != Hold.State.ASKED:
            raise IllegalTransition(f"hold {hold} is not merely asked: it cannot be dropped")
        hold.move_to(Hold.State.CLOSED)
        hold.open_cents, hold.released_cents = 0, hold.amount_cents
        hold.save(update_fields=["state", "open_cents", "released_cents"])


def set_aside(
    *, district_id: int, purpose: str, source: AccountName, cents: int, by: Actor, now: datetime
) -> Hold:
    """Take ``cents`` from a voucher's slice, a credit or a package and hold them for ``purpose``.

    :raises django.db.IntegrityError: the source holds less than that (``balance_above_floor``).
    """
    with transaction.atomic(savepoint=False):
        Hold.objects.bulk_create(
            [
                Hold(
                    district_id=district_id,
                    book=source.book,
                    source_kind=source.kind,
                    source_owner=source.owner,
                    purpose=purpose,
                    state=Hold.State.HELD,
                    amount_cents=cents,
                    open_cents=cents,
                )
            ],
            ignore_conflicts=True,
        )
        hold = Hold.objects.select_for_update(no_key=True).get(purpose=purpose)
        moves = [Move(source, AccountName(source.book, "held", f"hold:{hold.pk}"), cents)]
        post(key=f"hold:{hold.pk}", event="held", district_id=district_id, moves=moves, by=by, now=now)
    return hold


def capture(hold_id: int, cents: int, *, payable: AccountName, key: str, by: Actor, now: datetime) -> bool:
    """Delivery turns ``cents`` of a hold into a payable of its own book; return whether this call did it.

    :raises HoldFrozen: the hold is in dispute.
    :raises HoldTooSmall: less than that is open.
    """
    return _take(hold_id, cents, payable, into="captured", key=f"capture:{key}", by=by, now=now)


def release(
    hold_id: int, cents: int, *, key: str, by: Actor, now: datetime, to: AccountName | None = None
) -> bool:
    """Give ``cents`` of a public or a company's hold back to where they came from, or to ``to``.

    ``to`` is the lapsed account of a voucher that ended meanwhile.

    :raises HoldFrozen, HoldTooSmall: as for ``capture``.
    """
    target = to or Hold.objects.get(pk=hold_id).source
    return _take(hold_id, cents, target, into="released", key=f"release:{key}", by=by, now=now)


def take_for_refund(
    hold_id: int, cents: int, *, refund: AccountName, key: str, by: Actor, now: datetime
) -> bool:
    """Send ``cents`` of a card's hold on their way back to the family.

    :raises HoldFrozen, HoldTooSmall: as for ``capture``. A frozen one must not be refunded: it would pay twice.
    """
    return _take(hold_id, cents, refund, into="released", key=f"refund:{key}", by=by, now=now)


def note_undone(hold_id: int, cents: int) -> None:
    """Count ``cents`` that were captured as released; the caller posts where they go, in one transaction.

    :raises ValueError: less than that was captured.
    """
    hold = locked_hold(hold_id)
    if not 0 < cents <= hold.captured_cents:
        raise ValueError(f"{hold}: {hold.captured_cents} captured, {cents} to undo")
    hold.captured_cents -= cents
    hold.released_cents += cents
    hold.save(update_fields=["captured_cents", "released_cents"])


def freeze(hold_id: int, *, frozen: bool) -> None:
    """Stop everything that moves a hold while a dispute is open, or let it move again."""
    Hold.objects.filter(pk=hold_id).update(frozen=frozen)


def _take(
    hold_id: int, cents: int, target: AccountName, *, into: str, key: str, by: Actor, now: datetime
) -> bool:
    with transaction.atomic(savepoint=False):
        hold = locked_hold(hold_id)
        moves = [Move(hold.account, target, cents)]
        if not post(key=key, event=into, district_id=hold.district_id, moves=moves, by=by, now=now):
            return False
        hold.take_open(cents, into=into)
        hold.save(update_fields=["state", "open_cents", "captured_cents", "released_cents"])
    return True
