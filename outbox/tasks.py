from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from outbox.dispatch import dispatch_message
from outbox.sweeping import declared_sweep, run_sweep

WORKER_SEEN = "worker-seen"


@shared_task
def dispatch(*, key: str, **_: object) -> None:
    dispatch_message(key=key, now=timezone.now())


@shared_task
def sweep(*, name: str, **_: object) -> None:
    """Run the sweep that was declared under that name."""
    run_sweep(declared_sweep(name), clock=timezone.now)


@shared_task
def beat(**_: object) -> None:
    """Leave a sign of life: beat, broker, worker and database work together."""
    cache.set(WORKER_SEEN, timezone.now().isoformat(), timeout=45)
