from datetime import datetime

from django.db import models
from django.db.models import Q


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        """Neither dispatched nor dead, its time has come and nobody is at work on it."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lte=now),
            dispatched_at=None,
            dead_at=None,
            due_at__lte=now,
        )

    def waiting(self) -> "MessageQuerySet":
        """Still to be dispatched, now or later."""
        return self.filter(dispatched_at=None, dead_at=None)

    def dead(self) -> "MessageQuerySet":
        """Given up: they wait for a person."""
        return self.exclude(dead_at=None)

    def dispatched(self) -> "MessageQuerySet":
        return self.exclude(dispatched_at=None)


class Message(models.Model):
    """Something that must happen once its transaction has committed: at least once, in any order.

    ``payload`` may hold personal data: it is shown to nobody as it is, and forgotten some time after dispatch. Key,
    topic and moments stay, so that the same key still counts once.
    """

    key = models.CharField(max_length=128, unique=True)
    topic = models.CharField(max_length=64)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dispatched_at=None) | Q(dead_at=None), name="message_dispatched_or_dead"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(dispatched_at__isnull=False, payload={}),
                name="message_forgotten_was_dispatched",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="message_waiting", condition=Q(dispatched_at=None, dead_at=None)
            ),
            models.Index(
                fields=["dispatched_at"],
                name="message_to_forget",
                condition=Q(dispatched_at__isnull=False, forgotten_at=None),
            ),
            models.Index(fields=["dead_at"], name="message_dead", condition=Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class SweepRun(models.Model):
    """How a sweep's last run went. A run that started and has not ended is at work, or died."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    finished = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
