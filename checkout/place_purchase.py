"""Place a purchase: what is in the basket becomes one promise, at the price that was shown.

Everything that must be true before money moves is written here in one transaction; the card comes after it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.models import Basket

from audit.record import record
from catalogue.models import Listing
from checkout.asking import asker_behind
from checkout.baskets import bookings_in, locked_basket
from checkout.drop_booking import drop_booking
from checkout.models import Answer, Booking, Contact, Purchase
from checkout.questions import questions_of
from checkout.quote import Quote, QuoteLine, quote_of
from checkout.signed_links import payment_return_url
from kernel.actor import Actor
from kernel.clock import moment_in_words
from kernel.codes import grouped
from kernel.errors import DomainError
from kernel.money import share
from ledger.holds import ask_card_hold
from payments.ask_payment import Asked, ask_payment
from people.holder import holder_of
from people.models import User
from providers.behind import Behind, lock_behind
from providers.keep_slot import SlotFull, SlotPast
from providers.place_slot_holds import place_slot_holds
from providers.places import lock_slots
from territory.models import District, Municipality

CONTACT_KEPT_FOR = timedelta(days=365)
STRIPES_MINIMUM = 50


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


class NotOnSale(DomainError):
    code = "not_on_sale"
    message = _("%(title)s is not on sale at the moment. Take it out of the basket, or choose another one.")


class TimeGone(DomainError):
    code = "time_gone"
    message = _(
        "%(title)s, %(moment)s: somebody else has this time now. Nothing was charged. Choose another."
    )


class AnswerMissing(DomainError):
    code = "answer_missing"
    message = _("%(title)s asks something more now. Nothing was charged. Answer, then confirm.")


class TooLittle(DomainError):
    code = "too_little"
    message = _("A card pays from 0.50 euro on. Choose a larger quantity.")


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
class GivenAnswer:
    """What was answered to a question, for every time of a listing."""

    listing_id: int
    question_id: int
    text: str


@dataclass(frozen=True)
class Placing:
    """What the person confirmed: this basket, at this quote, under the key that its form carried.

    ``address`` is the hash of the network address it comes from, empty where there is none.
    """

    key: UUID
    basket_id: int | None
    shown: Quote
    district: District
    user: User | AnonymousUser
    contact: ContactData
    language: str
    asks_early_start: bool = False
    answers: tuple[GivenAnswer, ...] = ()
    address: str = ""


def place_purchase(placing: Placing, *, by: Actor, now: datetime) -> Purchase:
    """Place the basket and return its purchase. The same key, or the same basket once more, returns the first.

    :raises BasketEmpty: there is nothing to place.
    :raises QuoteChanged: the basket costs something else now; carries the new quote.
    :raises OutsideArea: a cooperative does not serve that municipality.
    :raises NotOnSale: a listing was withdrawn meanwhile.
    :raises TimeGone: a time that had lapsed has gone to somebody else, or is too near.
    :raises TooManyKept, TooManyFromHere: this person or address keeps too much to take a lapsed time anew.
    :raises AnswerMissing: a listing asks something that was not answered.
    :raises TooLittle: the total is under what a card can pay.
    """
    # The key first: who goes back and clicks again may have no basket any more.
    if earlier := Purchase.objects.filter(key=placing.key).first():
        return earlier
    if placing.basket_id is None:
        raise BasketEmpty
    with transaction.atomic():
        # The basket's lock comes first: ten clicks stand in line here, and nine find the purchase made.
        basket = locked_basket(placing.basket_id)
        if earlier := _made_meanwhile(placing, basket):
            return earlier
        behind = Behind.by(by, address=placing.address)
        lock_behind(behind)
        bookings = _to_place(placing, basket, by, now)
        quote = quote_of(bookings, asker=asker_behind(placing.user, now=now))
        if quote.fingerprint != placing.shown.fingerprint:
            raise QuoteChanged(quote)
        _check(bookings, quote, placing.contact.municipality)
        _check_answers(bookings, placing.answers)

        purchase = _write_purchase(placing, basket.pk, quote, now)
        placed = _place_slots(bookings, behind, now)
        for booking, line in zip(bookings, quote.lines, strict=True):
            booking.slot_hold_id = placed[booking.slot_hold_id]
            _freeze_booking(booking, purchase, line)
        _write_answers(bookings, placing.answers)
        ask_payment(_asked(purchase, placing), now=now)
        basket.freeze()
        record(
            "place",
            subject=f"purchase:{purchase.code}",
            district_id=placing.district.pk,
            by=by,
            now=now,
            facts={"total": quote.total, "fingerprint": quote.fingerprint},
        )
    return purchase


def _made_meanwhile(placing: Placing, basket: Any) -> Purchase | None:
    """Return the purchase that another click or tab has made of this basket."""
    same_key = Purchase.objects.filter(key=placing.key).first()
    if same_key is not None or basket.status != Basket.FROZEN:
        return same_key
    return Purchase.objects.filter(basket=basket, state=Purchase.State.PAYING).first()


def _to_place(placing: Placing, basket: Any, by: Actor, now: datetime) -> list[Booking]:
    """Return what was shown and what is kept now; what had lapsed before it was shown leaves the basket.

    :raises BasketEmpty: there is nothing of either.
    """
    shown = {line.booking for line in placing.shown.lines}
    in_basket = bookings_in(basket.pk) if basket.status == Basket.OPEN else []
    # All at once and by key, as everybody does: what is dropped below would otherwise lock them one by one.
    lock_slots({booking.slot_hold.slot_id for booking in in_basket})
    bookings: list[Booking] = []
    gone: list[Booking] = []
    for booking in in_basket:
        chosen = booking.code in shown or booking.slot_hold.is_kept(now)
        (bookings if chosen else gone).append(booking)
    if not bookings:
        raise BasketEmpty
    for booking in gone:
        drop_booking(booking.code, basket_id=basket.pk, by=by, now=now)
    return bookings


def _place_slots(bookings: list[Booking], behind: Behind, now: datetime) -> dict[int, int]:
    try:
        return place_slot_holds([booking.slot_hold_id for booking in bookings], now=now, behind=behind)
    except (SlotFull, SlotPast) as gone:
        booking = next(b for b in bookings if b.slot_hold_id == gone.params["hold"])
        moment = moment_in_words(booking.slot_hold.slot.starts_at, get_language() or "it")
        raise TimeGone(title=booking.listing.title, moment=moment) from gone


def _check(bookings: list[Booking], quote: Quote, municipality: Municipality) -> None:
    if quote.total < STRIPES_MINIMUM:
        raise TooLittle
    for booking in bookings:
        if booking.listing.state != Listing.State.PUBLISHED:
            raise NotOnSale(title=booking.listing.title)
    _check_area(bookings, municipality)


def _check_area(bookings: list[Booking], municipality: Municipality) -> None:
    served = set(
        municipality.listings.filter(pk__in=[b.listing_id for b in bookings]).values_list("pk", flat=True)
    )
    for booking in bookings:
        if booking.listing_id not in served:
            raise OutsideArea(seller=booking.cooperative.name, municipality=municipality.name)


def _check_answers(bookings: list[Booking], answers: tuple[GivenAnswer, ...]) -> None:
    given = {(answer.listing_id, answer.question_id) for answer in answers}
    for asked in questions_of(bookings):
        if any(q.is_required and (asked.listing.pk, q.pk) not in given for q in asked.questions):
            raise AnswerMissing(title=asked.listing.title)


def _write_answers(bookings: list[Booking], answers: tuple[GivenAnswer, ...]) -> None:
    # A booking that was not paid comes back with its answers: the new ones take their place.
    Answer.objects.filter(booking__in=bookings).delete()
    Answer.objects.bulk_create(
        Answer(booking=booking, question_id=answer.question_id, text=answer.text)
        for booking in bookings
        for answer in answers
        if answer.listing_id == booking.listing_id
    )


def _write_purchase(placing: Placing, basket_id: int, quote: Quote, now: datetime) -> Purchase:
    purchase = Purchase.objects.create(
        key=placing.key,
        district=placing.district,
        holder=holder_of(placing.user),
        basket_id=basket_id,
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
