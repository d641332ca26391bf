"""The actor behind a log-in."""

from django.contrib.auth.models import AnonymousUser

from kernel.actor import Actor
from people.models import User


def actor_behind(user: User | AnonymousUser) -> Actor:
    """Return who acts when this user clicks: the user, or a visitor without a log-in."""
    return Actor.user(user.pk) if isinstance(user, User) else Actor.visitor()
