from django.db import models


class AuditRow(models.Model):
    """One act. Append-only, by trigger; a sealer will chain committed rows."""

    at = models.DateTimeField()
    district_id = models.BigIntegerField()
    who = models.CharField(max_length=64)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    through = models.CharField(max_length=32)
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="audit_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.verb} {self.subject}"
