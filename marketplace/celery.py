"""The Celery application: what need not happen while somebody waits, and what must happen anyway."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "show that the worker lives": {"task": "outbox.tasks.beat", "schedule": 10.0},
}


@app.on_after_finalize.connect
def schedule_the_sweeps(sender: Celery, **_: object) -> None:
    """Have the beat send each declared sweep; a turn that no worker took is worth nothing once the next is due."""
    from marketplace.sweepers import SWEEPS  # noqa: PLC0415  models are loaded after this module
    from outbox.tasks import sweep  # noqa: PLC0415

    for each in SWEEPS:
        sender.add_periodic_task(
            float(each.every), sweep.s(name=each.name), name=f"sweep {each.name}", expires=each.every
        )


@worker_ready.connect
def show_life_at_once(**_: object) -> None:
    """Send the first sign of life through the broker now, instead of waiting for the clock."""
    app.send_task("outbox.tasks.beat")
