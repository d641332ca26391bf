import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from checkout.follow_purchase import follow_purchase
from checkout.models import Purchase
from kernel.actor import Actor
from payments.gateway import GatewayUnclear

SILENCE = timedelta(minutes=2)

log = logging.getLogger(__name__)


@shared_task
def sweep_purchases(**_: object) -> None:
    """Follow the purchases that fell silent: the family's phone died, the webhook was lost, a worker was killed."""
    silent = Purchase.objects.filter(state=Purchase.State.PAYING, followed_at__lt=timezone.now() - SILENCE)
    for code in silent.order_by("followed_at").values_list("code", flat=True)[:200]:
        try:
            follow_purchase(code, by=Actor.system("sweeper"), now=timezone.now())
        except GatewayUnclear as silence:
            log.warning("purchase %s: no answer from Stripe (%s), will ask again", code, silence)
