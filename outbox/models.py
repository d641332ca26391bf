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


class Message(models.Model):
    """Something that must happen once its transaction has committed: at least once, in any order."""

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

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dispatched_at=None) | Q(dead_at=None), name="message_dispatched_or_dead"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="message_waiting", condition=Q(dispatched_at=None, dead_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
