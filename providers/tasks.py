from celery import shared_task
from django.utils import timezone

from providers.release_slot_holds import release_lapsed_holds


@shared_task
def sweep_slot_holds(**_: object) -> None:
    release_lapsed_holds(timezone.now())
