"""What the sweep walks through, made once: the demo district full of life, an empty one, and people of every role."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from catalogue.models import Listing, ServiceKind
from catalogue.pricing import Asker
from checkout.apply_payment import apply_payment
from checkout.baskets import bookings_in
from checkout.deliver_booking import deliver_booking
from checkout.models import Purchase
from checkout.place_purchase import place_purchase
from checkout.quote import quote_of
from checkout.signed_links import token_of
from marketplace.demo.seed import seed_district
from payments.open_payment import open_payment
from people.models import User
from providers.models import Cooperative, Slot
from storefront.refresh_index import refresh_index
from territory.models import District
from tests.builders import (
    SOMEBODY,
    a_basket,
    a_cooperative,
    a_kept_booking,
    a_kind,
    a_listing,
    a_member_of,
    a_placing,
    a_user,
    an_open_payment_of,
    expired,
    paid,
    payment_of,
)
from tests.front_door import a_visitor_with_a_basket

SHORTEST = 12  # letters of a text that can be told from others by itself


@dataclass
class World:
    """``names`` fill the addresses of the table of pages; ``visitors`` are sessions by role."""

    now: datetime
    names: dict[str, str] = field(default_factory=dict)
    visitors: dict[str, Client] = field(default_factory=lambda: {"stranger": Client(), "buyer": Client()})
    italian: set[str] = field(default_factory=set)


def a_world(now: datetime) -> World:
    """Fill the database and return what is there to visit."""
    world = World(now)
    seed_district(now=now, with_people=True)
    ironing = Listing.objects.filter(kind__slug="stireria", area__slug="offanengo").order_by("pk")[0]
    world.names |= {
        "listing": ironing.slug,
        "kind": "stireria",
        "cooperative": ironing.stockrecord.partner.cooperative.slug,
        "slot": str(next_slots(ironing, now)[-1].pk),
    }
    _empty_districts(world)
    _listing_without_times_and_english(world)
    _people(world, ironing)
    _purchases(world, ironing)
    _accounts(world)
    world.italian = _words_without_english()
    refresh_index(now=now)
    return world


def next_slots(listing: Listing, now: datetime) -> list[Slot]:
    """The listing's bookable times that still have several places, soonest last."""
    found = Slot.objects.bookable(now, within=timedelta(days=60)).filter(listing=listing)
    return list(found.order_by("-start")[:40])


def _empty_districts(world: World) -> None:
    """One district without anything; another with a kind of service that nobody offers."""
    for slug, name in (("vuoto", "Ambito vuoto"), ("nuovo", "Ambito territoriale sociale dell'Altosebino")):
        District.objects.create(
            slug=slug,
            name=name,
            phone="035 000 000",
            email="sportello-territoriale@altosebino.example.org",
            desk_address="Via di Prova 1",
            desk_hours="lun-ven 9-12",
        )
    ServiceKind.objects.create(
        district=District.objects.get(slug="nuovo"),
        slug="stireria",
        name_it="Stireria",
        name_en="Ironing",
        promise_it="Ritirata e riconsegnata.",
        promise_en="Picked up and brought back.",
        unit="kg",
    )


def _listing_without_times_and_english(world: World) -> None:
    poor = a_listing(
        "Camicie stirate a mano con appretto", by=a_cooperative("Papavero"), kind=a_kind("stireria")
    )
    poor.description = "Le camicie tornano sulla gruccia, il giorno dopo."
    poor.includes = "Ritiro a casa\nRiconsegna sulla gruccia"
    poor.needs = "Le grucce, se ci sono"
    poor.save()
    world.names["poor_listing"] = poor.slug


def _people(world: World, listing: Listing) -> None:
    world.visitors["shopper"] = a_visitor_with_a_basket(next_slots(listing, world.now).pop())
    for role, email in (("family", "famiglia@example.org"), ("newcomer", "nuova@example.org")):
        world.visitors[role] = _signed_in(a_user(email))
    seller = listing.stockrecord.partner.cooperative
    desk = seller.members.order_by("pk").first()
    world.visitors["desk"] = _signed_in(desk.user if desk else a_member_of(seller))
    idle = Cooperative.objects.get(slug="papavero")
    world.visitors["idle desk"] = _signed_in(a_member_of(idle))


def _purchases(world: World, listing: Listing) -> None:
    """One purchase in every state that its page can show, in both languages where words are kept."""
    now, slots = world.now, next_slots(listing, world.now)
    family = User.objects.get(email="famiglia@example.org")
    for state in ("booked", "settled", "abandoned", "open", "unasked", "open_en"):
        purchase = _placed(slots.pop(), now, user=family, language="en" if state == "open_en" else "it")
        world.names[state] = token_of(purchase)
        if state in {"booked", "settled", "abandoned"}:
            payment = an_open_payment_of(purchase)
            facts = expired(payment) if state == "abandoned" else paid(payment)
            apply_payment(payment.pk, facts, by=SOMEBODY, now=now)
        if state in {"open", "open_en"}:
            page = open_payment(payment_of(purchase).pk, now=now)
            assert page is not None
            world.names[f"pay_{state}"] = page.url
        if state in {"booked", "settled"}:
            booking = purchase.bookings.select_related("visit", "cooperative").get()
            world.names[f"{state}_booking"] = booking.code
            if state == "settled" and booking.visit is not None:
                deliver_booking(
                    booking.code,
                    cooperative_id=booking.cooperative_id,
                    service_code=booking.visit.service_code,
                    by=SOMEBODY,
                    now=now,
                    done_early=True,
                )


def _placed(slot: Slot, now: datetime, *, user: User, language: str) -> Purchase:
    basket = a_basket()
    a_kept_booking(slot, basket=basket, now=now)
    shown = quote_of(bookings_in(basket.pk), asker=Asker(now=now))
    return place_purchase(
        a_placing(basket.pk, shown=shown, user=user or AnonymousUser(), language=language),
        by=SOMEBODY,
        now=now,
    )


def _accounts(world: World) -> None:
    user = a_user("smemorata@example.org")
    address = EmailAddress.objects.create(user=user, email="altra@example.org")
    world.names |= {
        "uid": user_pk_to_url_str(user),
        "reset_key": default_token_generator.make_token(user),
        "confirm_key": EmailConfirmationHMAC(address).key,
    }


def _signed_in(user: User) -> Client:
    visitor = Client()
    visitor.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    # What a sensitive page asks of a session that has just begun with a password.
    session = visitor.session
    session.save()
    return visitor


def _words_without_english() -> set[str]:
    """What sellers and district wrote in Italian, line by line: on an English page it is marked, or not there."""
    told = [str(cooperative.story) for cooperative in Cooperative.objects.all()]
    for model in apps.get_models():
        if model._meta.app_label in {"territory", "listing", "providers", "people", "purchase"}:
            told += [text for row in model._default_manager.all() for text in _italian_of(row)]
    lines = (line.strip() for text in told for line in text.splitlines())
    return {line for line in lines if len(line) >= SHORTEST}


def _italian_of(row: Model) -> list[str]:
    """The Italian of fields that have an English twin: ``title`` and ``title_en``, ``about_it`` and ``about_en``."""
    names = {item.attname for item in row._meta.concrete_fields}
    found = []
    for name in names:
        stem = name.removesuffix("_it")
        if f"{stem}_en" in names and name != f"{stem}_en":
            italian, english = getattr(row, name), getattr(row, f"{stem}_en")
            if isinstance(italian, str) and italian != english:
                found.append(italian)
    return found


def address_of(name: str, arguments: tuple[str, ...], query: str, world: World) -> str:
    """The path of a named page; ``{booked}`` and the like are filled in from the world."""
    given = [argument.format_map(world.names) for argument in arguments]
    path = reverse(name, args=given) if not name.startswith("/") else name.format_map(world.names)
    return f"{path}?{query.format_map(world.names)}" if query else path
