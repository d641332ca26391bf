"""The pseudonym under which a person buys."""

from django.contrib.auth.models import AnonymousUser

from people.models import Holder, User


def holder_of(user: User | AnonymousUser) -> Holder:
    """Return the user's holder, made at need; a stranger gets a new one."""
    if not isinstance(user, User):
        return Holder.objects.create()
    holder, _ = Holder.objects.get_or_create(user=user)
    return holder
