"""Who is behind a kept place: the limits by person and by network address, and the lock under which they hold.

One basket keeps few times, but baskets cost nothing. So what one signed-in person keeps counts whatever baskets
they have, and so does what one network address keeps: of all slots, and of each. An address may be a library, a
company or a telephone company, hence generous limits; who has paid no longer counts.
"""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.errors import DomainError
from providers.models import Slot, SlotHold

BEHIND_LOCK = 7_314
MOST_OF_A_PERSON = 16
MOST_OF_A_SLOT = 2
MOST_PLACES_OF_AN_ADDRESS = 40
SHARE_OF_A_SLOT = 3


class TooManyKept(DomainError):
    code = "too_many_kept"
    message = _(
        "You are keeping many times already. Confirm or give back one in the basket, then keep this one."
    )


class TooManyFromHere(DomainError):
    code = "too_many_from_here"
    message = _(
        "Many times are kept from this network already. Confirm one or let one go, or try again in 15 minutes."
    )


@dataclass(frozen=True)
class Behind:
    """Who keeps, as far as limits ask: the person (``user:12``, or nobody) and the network address's hash."""

    person: str = ""
    address: str = ""

    @classmethod
    def by(cls, actor: Actor, *, address: str) -> "Behind":
        """Return who is behind an act: whoever it is done for, else the user, else only the address."""
        person = actor.on_behalf_of or (actor.who if actor.who.startswith("user:") else "")
        return cls(person=person, address=address)


UNKNOWN = Behind()


def lock_behind(behind: Behind) -> None:
    """Let nobody else keep for this person or from this address until the transaction ends.

    Before any slot's lock. By number, because two names may share one: no two transactions wait crosswise.
    """
    names = [f"{kind}:{value}" for kind, value in _known(behind).items()]
    with connection.cursor() as cursor:
        for number in sorted({crc32(name.encode()) - 2**31 for name in names}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BEHIND_LOCK, number])


def check_limits(behind: Behind, slot: Slot, *, places: int, now: datetime) -> None:
    """Pass whoever may keep these places of the slot too; under ``lock_behind``.

    One address may keep a third of a slot; never less than two places, nor than one booking may take.

    :raises TooManyKept: this person keeps too much already.
    :raises TooManyFromHere: this address does.
    """
    if behind.person:
        kept = _live(now).filter(person=behind.person)
        if kept.count() >= MOST_OF_A_PERSON or kept.filter(slot=slot).count() >= MOST_OF_A_SLOT:
            raise TooManyKept
    if behind.address:
        kept = _live(now).filter(address=behind.address)
        of_the_slot = max(
            slot.capacity // SHARE_OF_A_SLOT,
            MOST_OF_A_SLOT,
            slot.listing.places_for(slot.listing.maximum_milli),
        )
        if (
            _places(kept) + places > MOST_PLACES_OF_AN_ADDRESS
            or _places(kept.filter(slot=slot)) + places > of_the_slot
        ):
            raise TooManyFromHere


def _known(behind: Behind) -> dict[str, str]:
    return {kind: value for kind, value in vars(behind).items() if value}


def _live(now: datetime) -> QuerySet[SlotHold]:
    """What is in a basket and has not lapsed, and what is being paid."""
    return SlotHold.objects.filter(
        Q(state=SlotHold.State.PLACED) | Q(state=SlotHold.State.KEPT, until__gt=now)
    )


def _places(holds: QuerySet[SlotHold]) -> int:
    return holds.aggregate(total=Sum("places"))["total"] or 0
