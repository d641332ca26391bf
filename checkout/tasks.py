"""What buying leaves half done, for the sweepers."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from checkout.follow_purchase import follow_purchase
from checkout.models import Purchase
from kernel.actor import Actor
from outbox.sweeping import Sweep
from payments.gateway import GatewayUnclear
from payments.models import Payment

SILENCE = timedelta(minutes=2)
FEE_IS_KNOWN_WITHIN = timedelta(days=3)


def silent_purchases(now: datetime) -> QuerySet[Purchase, str]:
    """Return the purchases that fell silent: the family's phone died, the webhook was lost, a worker was killed."""
    silent = Purchase.objects.filter(state=Purchase.State.PAYING, followed_at__lt=now - SILENCE)
    return silent.order_by("followed_at").values_list("code", flat=True)


def purchases_of_unknown_fee(now: datetime) -> QuerySet[Purchase, str]:
    """Return the secured purchases of whose payment Stripe's fee is not booked yet; after three days we give up."""
    paid = Payment.objects.filter(state=Payment.State.COLLECTED, fee_cents=None)
    unknown = Purchase.objects.filter(
        state__in=[Purchase.State.SECURED, Purchase.State.SETTLED],
        secured_at__gt=now - FEE_IS_KNOWN_WITHIN,
        followed_at__lt=now - SILENCE,
        code__in=paid.values("purchase_code"),
    )
    return unknown.order_by("followed_at").values_list("code", flat=True)


def _follow(code: str, now: datetime) -> None:
    follow_purchase(code, by=Actor.system("sweeper"), now=now)


SILENT_PURCHASES = Sweep(
    name="silent purchases", every=60, find=silent_purchases, finish=_follow, passing=(GatewayUnclear,)
)
UNKNOWN_FEES = Sweep(
    name="unknown fees", every=300, find=purchases_of_unknown_fee, finish=_follow, passing=(GatewayUnclear,)
)
