"""What the races of the books stand on: many at once, held up just before they write, and guards that come out.

``together`` leaves nothing to luck: nobody may write a transfer until every thread stands still.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from django.db import connection
from django.db.models import Sum

from ledger import card, holds, public, welfare
from ledger.chart import card_payable, public_payable, public_voucher, welfare_credit, welfare_payable
from ledger.deliver import Capture, capture_delivery
from ledger.models import Account, Hold
from tests.audit.gate import nobody_writes
from tests.builders import NOW, SOMEBODY
from tests.threads import at_once_held_up, without_locks

DISTRICT, COOP = 1, 7
KNOWN: dict[str, Any] = {"district_id": DISTRICT, "by": SOMEBODY, "now": NOW}
DONE: dict[str, Any] = {"by": SOMEBODY, "now": NOW}
SOURCE, VOUCHER = "call:1/source:1", "voucher:1"
COMPANY, PACKAGE, GRANT = "company:1", "package:1", "grant:1"
SLICE, CREDIT = public_voucher(VOUCHER, SOURCE), welfare_credit(GRANT)
PAYABLE = {
    "C": card_payable(COOP),
    "P": public_payable(COOP, SOURCE),
    "W": welfare_payable(COOP, COMPANY),
}
MANY = 8

Guard = Callable[[], AbstractContextManager[None]]


def together(act: Callable[[int], Any], *, until: AbstractContextManager[None] | None = None) -> list[Any]:
    """Call ``act`` from eight threads; nobody writes a transfer before all of them stand still."""
    return at_once_held_up(MANY, act, until=until or nobody_writes("ledger_transfer"))


@contextmanager
def nobody_posts(keys_like: str) -> Iterator[None]:
    """Hold up transfers with such keys, and only those, until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$;
            CREATE TRIGGER wait_at_the_gate BEFORE INSERT ON ledger_transfer FOR EACH ROW
              WHEN (NEW.key LIKE '{keys_like}') EXECUTE FUNCTION wait_at_the_gate();
            SELECT pg_advisory_lock(4711);
            """
        )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(4711)")
            cursor.execute(
                "DROP TRIGGER wait_at_the_gate ON ledger_transfer; DROP FUNCTION wait_at_the_gate()"
            )


# --- The guards, taken out -----------------------------------------------------------------------------------
@contextmanager
def without_the_floor() -> Iterator[None]:
    """Drop the CHECK under which no balance row falls below its floor."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT balance_above_floor")
        try:
            yield
        finally:
            cursor.execute("DELETE FROM ledger_balance WHERE cents < floor_cents")
            cursor.execute(
                "ALTER TABLE ledger_balance ADD CONSTRAINT balance_above_floor CHECK (cents >= floor_cents)"
            )


@contextmanager
def without_the_key() -> Iterator[None]:
    """Let the same key come twice: the database makes each a new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION always_another_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              NEW.key := NEW.key || '#' || NEW.id; RETURN NEW; END $$;
            CREATE TRIGGER always_another_key BEFORE INSERT ON ledger_transfer
              FOR EACH ROW EXECUTE FUNCTION always_another_key();
            """
        )
        try:
            yield
        finally:
            cursor.execute(
                "DROP TRIGGER always_another_key ON ledger_transfer; DROP FUNCTION always_another_key()"
            )


@contextmanager
def without(*guards: Guard) -> Iterator[None]:
    with ExitStack() as stack:
        for guard in guards:
            stack.enter_context(guard())
        yield


LOCKS, FLOOR, KEY = without_locks, without_the_floor, without_the_key


# --- What is looked at ---------------------------------------------------------------------------------------
def sums() -> dict[str, int]:
    """Return what lies in the accounts, by book and kind; a company's outside ones also by way: ``W.world_bank``."""
    found: Counter[str] = Counter()
    for account in Account.objects.annotate(cents=Sum("entries__cents", default=0)):
        way = account.owner.rpartition("/")[2] if account.kind == "world" else ""
        found[f"{account.book}.{account.kind}" + (f"_{way}" if way else "")] += account.cents
    return found


def moved_since(before: dict[str, int]) -> dict[str, int]:
    """Return what has moved, account by account; those where nothing did are left out."""
    return {name: moved for name, cents in sums().items() if (moved := cents - before.get(name, 0))}


def times(number: int, moves: dict[str, int]) -> dict[str, int]:
    return {name: number * cents for name, cents in moves.items()}


# --- Money where it is wanted --------------------------------------------------------------------------------
def a_budget(cents: int = 10_00) -> None:
    public.appropriate(SOURCE, cents, act="determina:1", **KNOWN)


def a_voucher(cents: int = 10_00) -> None:
    a_budget(cents)
    public.issue(VOUCHER, SOURCE, cents, **KNOWN)


def a_reimbursement(cents: int = 10_00) -> None:
    """A person's expense, on its way as payout ``p``."""
    a_voucher(cents)
    public.refund_person(VOUCHER, SOURCE, cents, payout="p", **KNOWN)


def something_lapsed(cents: int = 10_00) -> None:
    a_voucher(cents)
    public.lapse(VOUCHER, SOURCE, cents, act="lapse:1", **KNOWN)


def a_company(cents: int = 10_00) -> None:
    welfare.pay_in(COMPANY, cents, through="bank", act="invoice:1", **KNOWN)


def a_package(cents: int = 10_00) -> None:
    a_company(cents)
    welfare.fund_package(COMPANY, PACKAGE, cents, act="fund:1", **KNOWN)


def a_credit(cents: int = 10_00) -> None:
    a_package(cents)
    welfare.grant(PACKAGE, GRANT, cents, **KNOWN)


def a_hold(book: str = "C", cents: int = 10_00) -> int:
    """A held hold of that book, its money come from outside."""
    purpose = f"test:{Hold.objects.count()}"
    if book == "C":
        hold = holds.ask_card_hold(district_id=DISTRICT, purpose=purpose, cents=cents)
        holds.fund_card_hold(hold.pk, **DONE)
        return hold.pk
    (a_voucher if book == "P" else a_credit)(cents)
    return holds.set_aside(purpose=purpose, source=SLICE if book == "P" else CREDIT, cents=cents, **KNOWN).pk


def a_hold_of_a_voucher(number: int, cents: int = 5_00) -> int:
    """One of many holds of public money, each out of a voucher of its own."""
    voucher = f"voucher:of:{number}"
    public.appropriate(SOURCE, cents, act=voucher, **KNOWN)
    public.issue(voucher, SOURCE, cents, **KNOWN)
    source = public_voucher(voucher, SOURCE)
    return holds.set_aside(purpose=f"of:{number}", source=source, cents=cents, **KNOWN).pk


def a_delivery(book: str = "C", cents: int = 10_00, *, commission: int = 0, fund: int = 0) -> int:
    """A hold that was captured: the cooperative has earned it."""
    hold_id = a_hold(book, cents)
    part = Capture(hold_id, cents, PAYABLE[book])
    capture_delivery(
        [part], cooperative_id=COOP, commission=commission, fund=fund, key=f"delivery:{hold_id}", **KNOWN
    )
    return hold_id


def a_refund(cents: int = 10_00) -> str:
    """A refund on its way, named."""
    card.ask_refund(a_hold("C", cents), cents, refund="refund:1", **DONE)
    return "refund:1"


def a_dispute(cents: int = 10_00) -> int:
    """A hold in dispute ``dispute:1``."""
    hold_id = a_hold("C", cents)
    card.dispute_opened(dispute="dispute:1", cents=cents, fee=15_00, hold_ids=[hold_id], **KNOWN)
    return hold_id


def a_delivery_in_dispute(cents: int = 10_00) -> int:
    """A hold that was captured whole, in dispute ``dispute:1``."""
    hold_id = a_delivery("C", cents)
    card.dispute_opened(dispute="dispute:1", cents=cents, fee=15_00, hold_ids=[hold_id], **KNOWN)
    return hold_id
