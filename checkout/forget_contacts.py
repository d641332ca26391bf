"""Forget who was served and where, once nobody needs to know: the snapshot of a contact expires."""

from datetime import datetime

from checkout.models import Answer, Contact

FORGOTTEN = "-"


def contacts_to_forget(now: datetime) -> list[int]:
    """Return the contacts whose time has passed and that still name somebody."""
    expired = Contact.objects.filter(expires_at__lte=now).exclude(name=FORGOTTEN)
    return list(expired.order_by("expires_at").values_list("pk", flat=True))


def forget_contact(contact_id: int, now: datetime) -> None:
    """Blank one expired contact and what was answered; the municipality stays, for the district's figures.

    Again, it changes nothing.
    """
    Answer.objects.filter(
        booking__purchase__contact=contact_id, booking__purchase__contact__expires_at__lte=now
    ).update(text=FORGOTTEN)
    Contact.objects.filter(pk=contact_id, expires_at__lte=now).update(
        name=FORGOTTEN, email="", phone="", street="", notes=""
    )
