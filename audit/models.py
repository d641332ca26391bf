from django.db import models
from django.db.models import Q


class AuditRow(models.Model):
    """One act. Append-only, by trigger; a sealer chains what has been committed."""

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


class AuditUnsealed(models.Model):
    """A row that wants its seal: written by a trigger in the row's own transaction, deleted by the sealer.

    Row ids are taken before commit, so no "sealed up to here" can tell what is still to come. This can, and
    costs the sealer nothing where nothing is new.
    """

    row = models.OneToOneField(
        AuditRow, primary_key=True, on_delete=models.PROTECT, related_name="wants_seal"
    )

    def __str__(self) -> str:
        return f"row {self.row_id} wants its seal"


class AuditSeal(models.Model):
    """A link of the chain: one row, in the order in which rows were found committed. Append-only, by trigger.

    ``number`` has no gaps. ``digest`` is over the row, the number, the moment and ``previous``, the digest before.
    """

    number = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, related_name="seal")
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="audit_seal_counts_from_one")]

    def __str__(self) -> str:
        return f"seal {self.number}"


class AuditAnchor(models.Model):
    """How far the chain reached when a batch was sealed, so that a cut end is missed. Append-only, by trigger."""

    number = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}:{bytes(self.digest).hex()}"
