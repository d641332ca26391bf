from django.db import models
from django.db.models import Q

from kernel.moving import Moving


class Payment(Moving, models.Model):
    """A card payment of one purchase, followed by what Stripe says of it. It moves only forward."""

    class State(models.TextChoices):
        NEW = "new"
        OPEN = "open"
        COLLECTED = "collected"
        EXPIRED = "expired"

    MOVES = {
        State.NEW: {State.OPEN, State.EXPIRED},
        State.OPEN: {State.COLLECTED, State.EXPIRED},
        State.COLLECTED: (),
        State.EXPIRED: (),
    }

    district = models.ForeignKey("territory.District", on_delete=models.PROTECT, related_name="payments")
    purchase_code = models.CharField(max_length=12, db_index=True)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    amount_cents = models.PositiveBigIntegerField()
    pay_by = models.DateTimeField()
    session_id = models.CharField(max_length=128, blank=True)
    session_url = models.TextField(blank=True)
    intent_id = models.CharField(max_length=64, blank=True)
    charge_id = models.CharField(max_length=64, blank=True)
    fee_cents = models.BigIntegerField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "open", "collected", "expired"]), name="payment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gte=50), name="payment_not_under_stripes_minimum"
            ),
            models.CheckConstraint(
                condition=Q(state="new") | Q(state="expired") | ~Q(session_id=""),
                name="payment_open_has_a_session",
            ),
            models.CheckConstraint(
                condition=~Q(state="collected") | Q(collected_at__isnull=False) & ~Q(intent_id=""),
                name="payment_collected_has_an_intent",
            ),
            models.UniqueConstraint(
                fields=["purchase_code"], condition=~Q(state="expired"), name="payment_one_live_a_purchase"
            ),
            models.UniqueConstraint(
                fields=["session_id"], condition=~Q(session_id=""), name="payment_session_once"
            ),
            models.UniqueConstraint(
                fields=["intent_id"], condition=~Q(intent_id=""), name="payment_intent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk} of {self.purchase_code}: {self.state}"


class Call(models.Model):
    """One thing asked of Stripe, with its idempotency key and parameters frozen before it is asked.

    An unanswered call is asked again under the same key: Stripe replays. Only after a definite refusal may
    the next try, with a new key, be made.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="calls")
    verb = models.CharField(max_length=24)
    key = models.CharField(max_length=128, unique=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    params = models.JSONField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "verb", "attempt"], name="call_one_an_attempt"),
            models.UniqueConstraint(
                fields=["payment", "verb"], condition=Q(refusal=""), name="call_one_unrefused_a_verb"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class StripeEvent(models.Model):
    """A webhook as it came: a hint to go and look, never an amount."""

    event_id = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=128)
    reference = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
