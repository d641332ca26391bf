"""Which outcome wakes which verb: the map from the outbox's topics to the rooms above it."""

from django.utils import timezone

from checkout.follow_purchase import follow_purchase
from checkout.models import Purchase
from checkout.tell_closed_day import tell_closed_day
from kernel.actor import Actor
from outbox import mail
from outbox.handlers import handles
from payments import store_event
from providers import close_day


def follow_stripes_hint(*, purchase_code: str) -> None:
    """Look at the purchase a webhook spoke of. A webhook about no purchase of ours changes nothing."""
    if Purchase.objects.filter(code=purchase_code).exists():
        follow_purchase(purchase_code, by=Actor.system("webhook"), now=timezone.now())


def tell_of_closed_day(*, cooperative_id: int, date: str, promised_hold_ids: list[int], **_: object) -> None:
    """Have the desk call the families whose appointments a closed day takes away."""
    tell_closed_day(
        cooperative_id=cooperative_id, date=date, slot_hold_ids=promised_hold_ids, now=timezone.now()
    )


handles(close_day.TOPIC, tell_of_closed_day)
handles(mail.TOPIC, mail.send_mail)
handles(store_event.TOPIC, follow_stripes_hint)
