from django.db import models
from django.db.models import Q

from kernel.codes import new_code
from kernel.moving import Moving


def new_purchase_code() -> str:
    return new_code(10)


def new_booking_code() -> str:
    return new_code(8)


def new_series_code() -> str:
    return new_code(8)


class Purchase(Moving, models.Model):
    """All that one person confirms and pays at once, over however many cooperatives."""

    class State(models.TextChoices):
        PAYING = "paying"
        SECURED = "secured"
        SETTLED = "settled"
        ABANDONED = "abandoned"

    MOVES = {
        State.PAYING: {State.SECURED, State.ABANDONED},
        State.SECURED: {State.SETTLED},
        State.SETTLED: (),
        State.ABANDONED: (),
    }

    code = models.CharField(max_length=12, unique=True, default=new_purchase_code)
    key = models.UUIDField(unique=True)
    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="purchases")
    holder = models.ForeignKey("people.Holder", on_delete=models.PROTECT, related_name="purchases")
    basket = models.ForeignKey("basket.Basket", on_delete=models.PROTECT, related_name="purchases")
    state = models.CharField(max_length=12, choices=State, default=State.PAYING)
    language = models.CharField(max_length=2)
    quote = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    total_cents = models.PositiveBigIntegerField()
    asked_early_start = models.BooleanField(default=False)
    placed_at = models.DateTimeField()
    followed_at = models.DateTimeField()
    secured_at = models.DateTimeField(null=True, blank=True)
    abandoned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["paying", "secured", "settled", "abandoned"]),
                name="purchase_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paying", "abandoned"]) | Q(secured_at__isnull=False),
                name="purchase_secured_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["basket"], condition=Q(state="paying"), name="purchase_one_paying_a_basket"
            ),
        ]
        indexes = [
            models.Index(fields=["followed_at"], name="purchase_to_follow", condition=Q(state="paying")),
            models.Index(fields=["holder", "-placed_at"], name="purchase_of_a_holder"),
        ]

    def __str__(self) -> str:
        return f"purchase {self.code}: {self.state}"


class Contact(models.Model):
    """Who is served, and where: a snapshot for those who serve, which expires."""

    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="contact")
    name = models.CharField(max_length=80)
    email = models.EmailField()
    phone = models.CharField(max_length=24)
    street = models.CharField(max_length=120)
    municipality = models.ForeignKey(
        "territory.Municipality", on_delete=models.PROTECT, related_name="contacts"
    )
    notes = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact of {self.purchase_id}"


class Booking(Moving, models.Model):
    """One service at one time, from the basket to its proof: an Oscar basket line of quantity 1.

    ``quantity_milli`` is thousandths of the kind's unit. The price is frozen when the purchase is placed. Those
    kept together as a weekly series carry its code.
    """

    class State(models.TextChoices):
        KEPT = "kept"
        DROPPED = "dropped"
        PLACED = "placed"
        CONFIRMED = "confirmed"
        DONE = "done"

    MOVES = {
        State.KEPT: {State.PLACED, State.DROPPED},
        State.DROPPED: {State.KEPT},
        State.PLACED: {State.CONFIRMED, State.KEPT},
        State.CONFIRMED: {State.DONE},
        State.DONE: (),
    }

    code = models.CharField(max_length=12, unique=True, default=new_booking_code)
    state = models.CharField(max_length=12, choices=State, default=State.KEPT)
    listing = models.ForeignKey("listing.Listing", on_delete=models.PROTECT, related_name="bookings")
    cooperative = models.ForeignKey(
        "providers.Cooperative", on_delete=models.PROTECT, related_name="bookings"
    )
    slot_hold = models.OneToOneField("providers.SlotHold", on_delete=models.PROTECT, related_name="booking")
    quantity_milli = models.PositiveIntegerField()
    series = models.CharField(max_length=12, blank=True, default="")
    line = models.OneToOneField(
        "basket.Line", null=True, blank=True, on_delete=models.SET_NULL, related_name="booking"
    )
    purchase = models.ForeignKey(
        Purchase, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings"
    )
    gross_cents = models.PositiveBigIntegerField(null=True, blank=True)
    vat_cents = models.PositiveBigIntegerField(null=True, blank=True)
    commission_cents = models.PositiveBigIntegerField(null=True, blank=True)
    hold = models.OneToOneField(
        "ledger.Hold", null=True, blank=True, on_delete=models.PROTECT, related_name="booking"
    )
    order = models.ForeignKey(
        "order.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="bookings"
    )
    visit = models.OneToOneField(
        "providers.Visit", null=True, blank=True, on_delete=models.PROTECT, related_name="booking"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["kept", "dropped", "placed", "confirmed", "done"]),
                name="booking_state_known",
            ),
            models.CheckConstraint(condition=Q(quantity_milli__gt=0), name="booking_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "dropped"], purchase=None, hold=None, gross_cents=None)
                | Q(
                    state__in=["placed", "confirmed", "done"],
                    purchase__isnull=False,
                    hold__isnull=False,
                    gross_cents__isnull=False,
                    vat_cents__isnull=False,
                    commission_cents__isnull=False,
                ),
                name="booking_placed_has_its_price",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "done"], order__isnull=False, visit__isnull=False)
                | Q(~Q(state__in=["confirmed", "done"]), order=None, visit=None),
                name="booking_confirmed_has_its_order",
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.code}: {self.state}"


class Answer(models.Model):
    """What a person answered when booking: for those who serve, forgotten with the contact."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey("listing.Question", on_delete=models.PROTECT, related_name="answers")
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "question"], name="answer_once_a_booking"),
        ]

    def __str__(self) -> str:
        return f"answer of {self.booking_id}"

    @property
    def words(self) -> str:
        """What was answered, as the question words it."""
        return dict(self.question.options()).get(self.text, self.text)
