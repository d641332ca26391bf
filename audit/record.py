"""Record an act, in the transaction of the act."""

from datetime import datetime

from audit.models import AuditRow
from kernel.actor import Actor

# The district of acts on what belongs to no district: the platform's own machinery.
PLATFORM = 0


def record(
    verb: str,
    *,
    subject: str,
    district_id: int,
    by: Actor,
    now: datetime,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> AuditRow:
    """Append the row that says ``by`` did ``verb`` to ``subject`` (``purchase:7KQ429``) at ``now``."""
    return AuditRow.objects.create(
        at=now,
        district_id=district_id,
        who=by.who,
        on_behalf_of=by.on_behalf_of,
        through=by.through,
        verb=verb,
        subject=subject,
        reason=reason,
        facts=facts or {},
    )
