"""For whom a price is asked."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from catalogue.pricing import Asker
from people.models import User


def asker_behind(user: User | AnonymousUser, *, now: datetime) -> Asker:
    """Return the asker that this user is; of a visitor nothing is known."""
    return Asker(now=now, user_id=user.pk if isinstance(user, User) else None)
