"""The Celery application: what need not happen while somebody waits, and what must happen anyway."""

import os

from celery import Celery

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
