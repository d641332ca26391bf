"""The one door to a cooperative's rows."""

from django.contrib.auth.models import AnonymousUser

from people.models import User
from providers.models import Cooperative, CooperativeMember


class NotAMember(Exception):
    """The user works at no cooperative: for them its pages do not exist."""


def cooperative_of(user: User | AnonymousUser) -> Cooperative:
    """Return the cooperative at whose desk the user works.

    :raises NotAMember: there is none, or the user is closed or unknown.
    """
    if not isinstance(user, User) or not user.is_active:
        raise NotAMember
    try:
        return Cooperative.objects.select_related("partner").get(members__user=user)
    except Cooperative.DoesNotExist:
        raise NotAMember from None


def works_at_a_cooperative(user: User | AnonymousUser) -> bool:
    """Return whether a desk is the user's to open."""
    return isinstance(user, User) and CooperativeMember.objects.filter(user=user).exists()
