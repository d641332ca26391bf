"""Which outcome wakes which verb: the map from the outbox's topics to the rooms above it."""

from django.utils import timezone

from checkout.follow_purchase import follow_purchase
from checkout.models import Purchase
from kernel.actor import Actor
from outbox import mail
from outbox.handlers import handles
from payments import store_event


def follow_stripes_hint(*, purchase_code: str) -> None:
    """Look at the purchase a webhook spoke of. A webhook about no purchase of ours changes nothing."""
    if Purchase.objects.filter(code=purchase_code).exists():
        follow_purchase(purchase_code, by=Actor.system("webhook"), now=timezone.now())


handles(mail.TOPIC, mail.send_mail)
handles(store_event.TOPIC, follow_stripes_hint)
