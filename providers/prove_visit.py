"""Prove a visit by the family's service code.

Wrong codes are counted on the visit, so that nobody finds the right one by trying.
"""

import hmac
from datetime import datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.clock import hour_in_words
from kernel.codes import tidy
from kernel.errors import DomainError
from providers.models import Visit

MOST_WRONG_CODES = 5
LOCKED_FOR = timedelta(minutes=15)


class WrongServiceCode(DomainError):
    code = "wrong_service_code"
    message = _(
        "This is not the code of this appointment. Ask the family to read it again: it is on their booking."
    )


class VisitLocked(DomainError):
    code = "visit_locked"
    message = _("Too many wrong codes. For safety you can try again from %(hour)s.")


def prove_visit(visit: Visit, *, typed: str, now: datetime) -> DomainError | None:
    """Mark a locked, planned visit as done if the code is right; otherwise count it and return the refusal.

    The refusal is returned, not raised, because the count of wrong codes must be committed.
    """
    if visit.locked_until and now < visit.locked_until:
        return VisitLocked(hour=hour_in_words(visit.locked_until, get_language() or "it"))
    if not hmac.compare_digest(tidy(typed).encode(), visit.service_code.encode()):
        visit.wrong_codes += 1
        if visit.wrong_codes % MOST_WRONG_CODES == 0:
            visit.locked_until = now + LOCKED_FOR
        visit.save(update_fields=["wrong_codes", "locked_until"])
        return WrongServiceCode()
    visit.move_to(Visit.State.DONE)
    visit.done_at = now
    visit.save(update_fields=["state", "done_at"])
    return None
