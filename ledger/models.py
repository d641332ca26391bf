from django.db import models
from django.db.models import F, Q

from kernel.moving import Moving
from ledger.chart import AccountName, held


class Account(models.Model):
    """An account of the chart, in one district. Its balance is the sum of its entries."""

    district_id = models.BigIntegerField()
    book = models.CharField(max_length=1)
    kind = models.CharField(max_length=16)
    owner = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district_id", "book", "kind", "owner"], name="account_once"),
            models.CheckConstraint(condition=Q(book__in=["C", "P", "W"]), name="account_book_known"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> AccountName:
        return AccountName(self.book, self.kind, self.owner)


class Transfer(models.Model):
    """One event in the books. Its entries sum to zero in each book; the same key replays it."""

    key = models.CharField(max_length=128, unique=True)
    event = models.CharField(max_length=32)
    at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """Cents laid into an account (positive) or taken out of it. Append-only, by trigger."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    cents = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(cents=0), name="entry_moves_something")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.account} {self.cents:+}"


class Balance(models.Model):
    """The sum of an account's entries, kept in the same transaction, where a floor protects spending.

    The floor is zero, but for a company's account: there it is minus its credit limit.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="balance"
    )
    cents = models.BigIntegerField(default=0)
    floor_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cents__gte=F("floor_cents")), name="balance_above_floor"),
            models.CheckConstraint(condition=Q(floor_cents__lte=0), name="balance_floor_not_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.cents}"


class Checkpoint(models.Model):
    """The sum of an account's entries up to one of them, so that nobody adds up years. Append-only."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="checkpoints")
    upto_entry_id = models.BigIntegerField()
    cents = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "upto_entry_id"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.cents} up to entry {self.upto_entry_id}"


class Hold(Moving, models.Model):
    """Funds set aside for one thing: a card's are *asked* until Stripe has collected, then *held*.

    What was set aside is open, captured or released, always to the cent. ``source`` is the account that a
    public or a company's hold was taken from and goes back to; a card's goes back by a refund.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        HELD = "held"
        CLOSED = "closed"

    MOVES = {State.ASKED: {State.HELD, State.CLOSED}, State.HELD: {State.CLOSED}, State.CLOSED: ()}

    district_id = models.BigIntegerField()
    book = models.CharField(max_length=1)
    source_kind = models.CharField(max_length=16, blank=True)
    source_owner = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    amount_cents = models.BigIntegerField()
    open_cents = models.BigIntegerField()
    captured_cents = models.BigIntegerField(default=0)
    released_cents = models.BigIntegerField(default=0)
    frozen = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="hold_of_something"),
            models.CheckConstraint(
                condition=Q(amount_cents=F("open_cents") + F("captured_cents") + F("released_cents")),
                name="hold_to_the_cent",
            ),
            models.CheckConstraint(
                condition=Q(open_cents__gte=0, captured_cents__gte=0, released_cents__gte=0),
                name="hold_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "held", "closed"]), name="hold_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", open_cents=0) | Q(~Q(state="closed"), open_cents__gt=0),
                name="hold_closed_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(open_cents=F("amount_cents")), name="hold_asked_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(book="C", source_kind="")
                | Q(Q(book__in=["P", "W"]) & ~Q(source_kind="") & ~Q(state="asked")),
                name="hold_knows_its_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"

    @property
    def account(self) -> AccountName:
        """Where its open cents lie."""
        return held(self.book, self.pk)

    @property
    def source(self) -> AccountName:
        """Where what is released of it goes back to; none for a card."""
        return AccountName(self.book, self.source_kind, self.source_owner)

    def take_open(self, cents: int, *, into: str) -> None:
        """Move open cents to ``captured`` or ``released`` and close the hold when none is left.

        The caller holds the row's lock and saves.

        :raises HoldFrozen: a dispute is open.
        :raises HoldTooSmall: less than that is open.
        """
        if self.frozen:
            raise HoldFrozen(str(self))
        if self.state != self.State.HELD or not 0 < cents <= self.open_cents:
            raise HoldTooSmall(f"{self}: {self.open_cents} open, {cents} wanted")
        self.open_cents -= cents
        setattr(self, f"{into}_cents", getattr(self, f"{into}_cents") + cents)
        if not self.open_cents:
            self.move_to(self.State.CLOSED)

    def take_captured(self, cents: int) -> None:
        """Count captured cents as released: the capture is undone.

        The caller holds the row's lock and saves.

        :raises HoldFrozen: a dispute is open.
        :raises ValueError: less than that was captured.
        """
        if self.frozen:
            raise HoldFrozen(str(self))
        if not 0 < cents <= self.captured_cents:
            raise ValueError(f"{self}: {self.captured_cents} captured, {cents} to undo")
        self.captured_cents -= cents
        self.released_cents += cents


class HoldFrozen(RuntimeError):
    """A dispute has frozen the hold: nothing moves until it is decided."""


class HoldTooSmall(RuntimeError):
    """More was to be taken from a hold than is open in it: a bug in whoever asked."""
