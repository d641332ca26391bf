"""The Celery application: what need not happen while somebody waits, and what must happen anyway."""

import os

from celery import Celery
from celery.signals import worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "dispatch what the broker lost": {"task": "outbox.tasks.sweep_outbox", "schedule": 30.0},
    "follow purchases that fell silent": {"task": "checkout.tasks.sweep_purchases", "schedule": 60.0},
    "give back lapsed places": {"task": "providers.tasks.sweep_slot_holds", "schedule": 60.0},
    "show that the worker lives": {"task": "outbox.tasks.beat", "schedule": 10.0},
}


@worker_init.connect
def forget_the_last_worker(**_: object) -> None:
    """A sign of life of the worker before us says nothing about us."""
    from outbox.tasks import forget_beat  # noqa: PLC0415  models are loaded after this module

    forget_beat()


@worker_ready.connect
def show_life_at_once(**_: object) -> None:
    """Send the first sign of life through the broker now, instead of waiting for the clock."""
    app.send_task("outbox.tasks.beat")
