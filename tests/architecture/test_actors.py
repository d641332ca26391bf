"""Whoever changes rows says who acts: every public function that writes takes ``by`` and leaves an audit row.

The rule is read from the source. A function writes if it calls what writes a row (``save``, ``create``, ``update``,
…), holds SQL that does, or calls one of ours that writes. A public one must take ``by: Actor``, or name the system as
the actor itself, and an audit row must come of it. ``INNER`` are the exceptions, each with its reason.
"""

import ast
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Not here: the outbox (messages of recorded acts), the audit itself, the kernel (no models), marketplace (settings,
# seed), the sandbox (not the shop), the administration (Django keeps its log), and what only renders.
ROOMS = ["territory", "ledger", "people", "catalogue", "providers", "vouchers", "companies", "payments",
         "checkout", "aggregation", "storefront", "portal", "reporting"]  # fmt: skip
ELSEWHERE = {
    "migrations",
    "management",
    "sandbox",
    "admin",
    "oscar_basket",
    "oscar_checkout",
    "oscar_partner",
}

WRITERS = {
    "save",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "delete",
    "shut",
    "offer",
    "end",
}
BY_KEYWORD = {"create", "update"}  # Django's take keywords only; a set's and Stripe's do not
WRITING_SQL = re.compile(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")

PLACING = "a piece of keeping, placing or dropping, which are on record"
FOLLOWING = "a piece of following a payment: securing and abandoning are on record"
MONEY = "a piece of the ledger's verbs, each of which is on record"
STRIPE = "each try is a frozen row of its own (Call, StripeEvent); what comes of it is on record"
CLOCK = "nobody acts: time has passed, as was said when the row was written"

INNER = {
    "ledger.holds.ask_card_hold": PLACING,
    "ledger.holds.drop_hold": FOLLOWING,
    "ledger.holds.note_undone": MONEY,
    "ledger.holds.freeze": MONEY,
    "ledger.take_from_sum.from_payable": MONEY,
    "ledger.covered.covered_for": MONEY,
    "ledger.locks.lock_account": "opens an account so that it can be locked: nothing lies in it",
    "ledger.rows.insert_transfer": MONEY,
    "ledger.rows.open_accounts": MONEY,
    "ledger.rows.lay_entries": MONEY,
    "ledger.sums.take_checkpoints": "sums of what is on record already",
    "people.holder.holder_of": PLACING,
    "payments.ask_payment.ask_payment": PLACING,
    "payments.ask_payment.next_attempt": STRIPE,
    "payments.open_payment.open_payment": STRIPE,
    "payments.store_event.store_event": STRIPE,
    "payments.note_facts.note_facts": FOLLOWING,
    "checkout.baskets.put_in_basket": PLACING,
    "checkout.keeping.lock_open_basket": PLACING,
    "providers.reassign_slot_holds.reassign_slot_holds": "the same person, now signed in: no place moves",
    "providers.keep_slot.keep_slot": PLACING,
    "providers.extend_slot_hold.extend_slot_hold": PLACING,
    "providers.place_slot_holds.place_slot_holds": PLACING,
    "providers.release_slot_holds.release_slot_holds": PLACING,
    "providers.take_slot_holds.take_slot_holds": FOLLOWING,
    "providers.plan_visit.plan_visit": FOLLOWING,
    "providers.prove_visit.prove_visit": "a piece of delivering: the proof and each wrong code are on record",
    "providers.places.take": PLACING,
    "providers.places.give_back": PLACING,
    "providers.places.release_lapsed": CLOCK,
    "providers.tasks.give_back_lapsed_places": CLOCK,
    "checkout.forget_contacts.forget_contact": CLOCK,
}


@dataclass
class Function:
    name: str
    takes: set[str]
    calls: set[str] = field(default_factory=set)
    writes: bool = False
    names_the_system: bool = False

    @property
    def is_public(self) -> bool:
        return not self.name.rpartition(".")[2].startswith("_")


def functions_of(path: Path) -> list[Function]:
    tree = ast.parse(path.read_text())
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    known = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    known |= {node.name: f"{module}.{node.name}" for node in own}
    sql = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and _holds_sql(node)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [_function(node, f"{module}.{node.name}", known, sql) for node in own]


def _function(node: ast.FunctionDef, name: str, known: dict[str, str], sql: set[str]) -> Function:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    function = Function(name, {argument.arg for argument in arguments}, writes=_holds_sql(node))
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Name(id=called)) if called in known:
                function.calls.add(known[called])
            case ast.Call(func=ast.Attribute(value=ast.Name(id=room), attr=called)) if room in known:
                function.calls.add(f"{known[room]}.{called}")
                function.names_the_system |= (room, called) == ("Actor", "system")
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            function.writes |= part.func.attr in WRITERS or (part.func.attr in BY_KEYWORD and not part.args)
        if isinstance(part, ast.Name) and part.id in sql:
            function.writes = True
    return function


def _holds_sql(node: ast.AST) -> bool:
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return any(isinstance(text, str) and WRITING_SQL.search(text) for text in texts)


@cache
def functions() -> dict[str, Function]:
    paths = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    mine = [path for path in paths if not ELSEWHERE & {*path.parts, path.stem}]
    return {function.name: function for path in mine for function in functions_of(path)}


def reaching(start: set[str]) -> set[str]:
    """Return ``start`` and all that calls it, however far away."""
    found = set(start)
    while more := {f.name for f in functions().values() if f.calls & found} - found:
        found |= more
    return found


def writers() -> set[str]:
    return reaching({function.name for function in functions().values() if function.writes})


def verbs() -> dict[str, Function]:
    public = (functions()[name] for name in writers())
    return {f.name: f for f in public if f.is_public and f.name not in INNER and not _is_a_page(f)}


def _is_a_page(function: Function) -> bool:
    """A view reads the clock and the visitor, and hands both to a verb."""
    return "request" in function.takes


def test_the_rule_sees_the_verbs_that_everybody_knows():
    known = {
        "checkout.place_purchase.place_purchase",
        "checkout.apply_payment.apply_payment",
        "ledger.post.post",
        "ledger.public.lapse",
        "providers.close_day.close_day",
        "providers.assign_staff.assign_staff",
        "providers.set_weekly_hours.set_weekly_hours",
    }

    assert known <= set(verbs())


def test_whoever_changes_rows_says_who_acts():
    nameless = {f.name for f in verbs().values() if not ("by" in f.takes or f.names_the_system)}

    assert nameless == set(), "take `by: Actor`, or say in INNER of which recorded verb it is a piece"


def test_whoever_says_who_acts_leaves_an_audit_row():
    recorded = reaching({"audit.record.record"})

    assert {name for name in verbs() if name not in recorded} == set()


@pytest.mark.parametrize("name", INNER)
def test_an_exception_is_still_there_and_still_writes(name):
    assert name in writers(), "no exception is needed: take it off the list"
    assert "by" not in functions()[name].takes
