"""The life of a funds hold: asked, funded or set aside, captured, released, undone; never lost.

Every verb may be called again with the same key and then changes nothing. ``cents`` are integer cents.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from kernel.actor import Actor
from kernel.errors import IllegalTransition
from ledger.chart import AccountName, Book, card_world, held
from ledger.locks import locked_hold
from ledger.models import Hold
from ledger.post import Move, post


class PurposeReused(RuntimeError):
    """A hold's purpose came again with other money: a bug."""


def ask_card_hold(*, district_id: int, purpose: str, cents: int) -> Hold:
    """Write down that ``cents`` are awaited from a card for ``purpose`` (``booking:12``). Nothing is posted.

    A piece of placing a purchase, which is on record.

    :raises django.db.IntegrityError: something is awaited for that purpose already.
    """
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

    A piece of abandoning a purchase, which is on record.

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
    :raises PurposeReused: that purpose has other money already.
    """
    with transaction.atomic(savepoint=False):
        hold = Hold(
            district_id=district_id,
            book=source.book,
            source_kind=source.kind,
            source_owner=source.owner,
            purpose=purpose,
            state=Hold.State.HELD,
            amount_cents=cents,
            open_cents=cents,
        )
        hold = _inserted(hold)
        moves = [Move(source, held(source.book, hold.pk), cents)]
        post(key=f"hold:{hold.pk}", event="held", district_id=district_id, moves=moves, by=by, now=now)
    return hold


def _inserted(hold: Hold) -> Hold:
    """Insert the hold, or lock and return the one that its purpose has already.

    :raises PurposeReused: that one is of other money.
    """
    values = {field.attname: getattr(hold, field.attname) for field in Hold._meta.concrete_fields[1:]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledger_hold ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})"  # noqa: S608
            " ON CONFLICT (purpose) DO NOTHING RETURNING id",
            list(values.values()),
        )
        row = cursor.fetchone()
    if row:
        hold.pk = row[0]
        return hold
    earlier = Hold.objects.select_for_update(no_key=True).get(purpose=hold.purpose)
    if (earlier.source, earlier.amount_cents) != (hold.source, hold.amount_cents):
        raise PurposeReused(f"{earlier} is not of {hold.amount_cents} from {hold.source}")
    return earlier


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
    :raises ValueError: it is a card's: that goes back by a refund.
    """
    hold = Hold.objects.get(pk=hold_id)
    if hold.book == Book.CARD:
        raise ValueError(f"{hold}: a card's hold is refunded, not released")
    target = to or hold.source
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

    A piece of ``ask_refund_of_delivered`` and ``undo_capture``, which are on record.

    :raises HoldFrozen: the hold is in dispute.
    :raises ValueError: less than that was captured.
    """
    hold = locked_hold(hold_id)
    hold.take_captured(cents)
    hold.save(update_fields=["captured_cents", "released_cents"])


def freeze(hold_ids: Collection[int], *, frozen: bool) -> None:
    """Stop everything that moves these holds while a dispute is open, or let them move again.

    A piece of ``dispute_opened`` and ``dispute_won``, which hold the rows' locks and are on record.
    """
    Hold.objects.filter(pk__in=hold_ids).update(frozen=frozen)


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
