"""Place a purchase: what is in the basket becomes one promise, at the price that was shown.

Everything that must be true before money moves is written here in one transaction; the card comes after it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.models import Basket

from audit.record import record
from checkout.baskets import bookings_in, locked_basket
from checkout.models import Booking, Contact, Purchase
from checkout.quote import Quote, QuoteLine, quote_of
from checkout.signed_links import payment_return_url
from kernel.actor import Actor
from kernel.codes import grouped
from kernel.errors import DomainError
from kernel.money import share
from ledger.holds import ask_card_hold
from payments.ask_payment import Asked, ask_payment
from people.models import Holder
from providers.place_slot_holds import place_slot_holds
from territory.models import District, Municipality

CONTACT_KEPT_FOR = timedelta(days=365)


class QuoteChanged(DomainError):
    code = "quote_changed"
    message = _("Something changed since this page was shown. Nothing was charged. Look at the new total.")

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        super().__init__()


class BasketEmpty(DomainError):
    code = "basket_empty"
    message = _("There is nothing in your basket: choose a time first.")


class OutsideArea(DomainError):
    code = "outside_area"
    message = _("%(seller)s does not come to %(municipality)s. Choose another address, or another service.")


@dataclass(frozen=True)
class ContactData:
    """Who is served, and where."""

    name: str
    email: str
    phone: str
    street: str
    municipality: Municipality
    notes: str = ""


@dataclass(frozen=True)
class Placing:
    """What the person confirmed: this basket, at this quote, under the key that its form carried."""

    key: UUID
    basket_id: int
    fingerprint: str
    district: District
    holder: Holder
    contact: ContactData
    language: str
    asks_early_start: bool = False


def place_purchase(placing: Placing, *, by: Actor, now: datetime) -> Purchase:
    """Place the basket and return its purchase. The same key, or the same basket once more, returns the first.

    :raises BasketEmpty: there is nothing to place.
    :raises QuoteChanged: the basket costs something else now; carries the new quote.
    :raises OutsideArea: a cooperative does not serve that municipality.
    :raises SlotFull: a time that had lapsed has gone to somebody else.
    """
    with transaction.atomic():
        # The basket's lock comes first: ten clicks stand in line here, and nine find the purchase made.
        basket = locked_basket(placing.basket_id)
        earlier = Purchase.objects.filter(key=placing.key).first()
        if earlier is None and basket.status == Basket.FROZEN:
            earlier = Purchase.objects.filter(basket=basket, state=Purchase.State.PAYING).first()
        if earlier is not None:
            return earlier

        bookings = bookings_in(basket.pk) if basket.status == Basket.OPEN else []
        if not bookings:
            raise BasketEmpty
        quote = quote_of(bookings)
        if quote.fingerprint != placing.fingerprint:
            raise QuoteChanged(quote)
        _check_area(bookings, placing.contact.municipality)

        purchase = _write_purchase(placing, quote, now)
        placed = place_slot_holds([booking.slot_hold_id for booking in bookings], now=now)
        for booking, line in zip(bookings, quote.lines, strict=True):
            booking.slot_hold_id = placed[booking.slot_hold_id]
            _freeze_booking(booking, purchase, line)
        ask_payment(_asked(purchase, placing), now=now)
        basket.freeze()
        record(
            "place", subject=f"purchase:{purchase.code}", district_id=placing.district.pk, by=by, now=now,
            facts={"total": quote.total, "fingerprint": quote.fingerprint},
        )  # fmt: skip
    return purchase


def _check_area(bookings: list[Booking], municipality: Municipality) -> None:
    served = set(
        municipality.listings.filter(pk__in=[b.listing_id for b in bookings]).values_list("pk", flat=True)
    )
    for booking in bookings:
        if booking.listing_id not in served:
            raise OutsideArea(seller=booking.cooperative.name, municipality=municipality.name)


def _write_purchase(placing: Placing, quote: Quote, now: datetime) -> Purchase:
    purchase = Purchase.objects.create(
        key=placing.key,
        district=placing.district,
        holder=placing.holder,
        basket_id=placing.basket_id,
        language=placing.language,
        quote=quote.as_json(),
        fingerprint=quote.fingerprint,
        total_cents=quote.total,
        asked_early_start=placing.asks_early_start,
        placed_at=now,
        followed_at=now,
    )
    who = placing.contact
    Contact.objects.create(
        purchase=purchase,
        name=who.name,
        email=who.email,
        phone=who.phone,
        street=who.street,
        municipality=who.municipality,
        notes=who.notes,
        expires_at=now + CONTACT_KEPT_FOR,
    )
    return purchase


def _freeze_booking(booking: Booking, purchase: Purchase, line: QuoteLine) -> None:
    booking.move_to(Booking.State.PLACED)
    booking.purchase = purchase
    booking.gross_cents, booking.vat_cents = line.gross, line.vat
    booking.commission_cents = share(line.gross, booking.cooperative.commission_bp)
    booking.hold = ask_card_hold(
        district_id=purchase.district_id, purpose=f"booking:{booking.code}:{purchase.code}", cents=line.gross
    )
    booking.save()


def _asked(purchase: Purchase, placing: Placing) -> Asked:
    return Asked(
        purchase_code=purchase.code,
        district_id=purchase.district_id,
        cents=purchase.total_cents,
        label=_t("Purchase %(code)s") % {"code": grouped(purchase.code)},
        return_url=settings.PUBLIC_URL + payment_return_url(purchase),
        language=placing.language,
        email=placing.contact.email,
    )
