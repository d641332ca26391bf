"""Builders that read aloud: ``a_slot(places=1, of=a_listing())``."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.utils.text import slugify
from oscar.apps.basket.models import Basket
from oscar.apps.catalogue.models import Product, ProductClass
from oscar.apps.partner.models import Partner, StockRecord
from psycopg.types.range import Range

from catalogue.models import Listing, ServiceKind, TaxProfile, WithdrawalProfile
from catalogue.oscar_partner.strategy import Strategy
from catalogue.pricing import Asker
from checkout.baskets import bookings_in
from checkout.keep_booking import keep_booking
from checkout.models import Booking, Purchase
from checkout.place_purchase import ContactData, Placing, place_purchase
from checkout.quote import quote_of
from kernel.actor import Actor
from payments.gateway import SessionFacts
from payments.models import Payment
from people.models import User
from providers.models import Cooperative, CooperativeMember, Slot
from territory.models import District, Municipality, Place

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOMEBODY = Actor.visitor(through="test")

_numbers = count(1)


def a_district(slug: str = "cremasco") -> District:
    district, _ = District.objects.get_or_create(
        slug=slug,
        defaults={
            "name": "Ambito Cremasco",
            "phone": "0373 000 000",
            "email": "sportello@example.org",
            "desk_address": "Via di Prova 1, Crema",
            "desk_hours": "lun-ven 9-12",
        },
    )
    return district


def a_municipality(name: str = "Offanengo") -> Municipality:
    slug = name.lower()
    found = Municipality.objects.filter(slug=slug, district=a_district()).first()
    number = next(_numbers)
    return found or Municipality.objects.create(
        district=a_district(),
        istat_code=f"{number:06}",
        cadastral_code=f"{number:04}",
        name=name,
        slug=slug,
        postcode="26010",
        population=6000,
        longitude=Decimal("9.74"),
        latitude=Decimal("45.38"),
    )


def a_place(name: str = "Centro civico", **words: str) -> Place:
    """A civic centre in Offanengo; ``words`` are its texts, put right if it is there already."""
    place, _ = Place.objects.update_or_create(
        district=a_district(),
        slug=slugify(name),
        defaults=words,
        create_defaults={
            "kind": Place.Kind.CIVIC_CENTRE,
            "name": name,
            "street": "via di Prova 3",
            "municipality": a_municipality(),
            **words,
        },
    )
    return place


def a_kind(slug: str = "stireria", unit: str = "kg") -> ServiceKind:
    kind, _ = ServiceKind.objects.get_or_create(
        district=a_district(),
        slug=slug,
        defaults={
            "name_it": slug.capitalize(),
            "name_en": slug.capitalize(),
            "promise_it": "Fatto bene.",
            "promise_en": "Well done.",
            "unit": unit,
        },
    )
    return kind


def a_cooperative(name: str = "Girasole", commission_bp: int = 500) -> Cooperative:
    found = Cooperative.objects.filter(slug=name.lower()).first()
    if found:
        return found
    partner = Partner.objects.create(code=name.lower(), name=name)
    cooperative = Cooperative.objects.create(
        partner=partner,
        slug=name.lower(),
        phone="0373 111 111",
        email=f"{name.lower()}@example.org",
        vat_number=f"{next(_numbers):011}",
        commission_bp=commission_bp,
    )
    cooperative.districts.add(a_district())
    return cooperative


def a_member_of(cooperative: Cooperative) -> User:
    user = a_user(f"desk-{cooperative.slug}@example.org")
    CooperativeMember.objects.create(cooperative=cooperative, user=user, role="owner")
    return user


def a_user(email: str = "anna@example.org") -> User:
    if found := User.objects.filter(email=email).first():
        return found
    user = User.objects.create_user(email, "prova-prova-1")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def a_tax_profile(vat_bp: int = 2200) -> TaxProfile:
    profile, is_new = TaxProfile.objects.get_or_create(slug=f"iva-{vat_bp}")
    if is_new:
        profile.rates.create(in_force=Range(date(2013, 10, 1), None), vat_bp=vat_bp, source="test")
    return profile


def a_withdrawal_profile(*, right: str = "until_performed") -> WithdrawalProfile:
    profile, is_new = WithdrawalProfile.objects.get_or_create(slug=right)
    if is_new:
        days = 14 if right == "until_performed" else 0
        profile.rules.create(in_force=Range(date(2014, 6, 13), None), right=right, days=days, source="test")
    return profile


def a_listing(
    title: str = "Camicie e misto",
    *,
    by: Cooperative | None = None,
    kind: ServiceKind | None = None,
    price: int = 4_90,
) -> Listing:
    seller = by or a_cooperative()
    product_class, _ = ProductClass.objects.get_or_create(
        name="Servizio", defaults={"requires_shipping": False, "track_stock": False}
    )
    product = Product.objects.create(title=title, product_class=product_class, is_public=True)
    number = next(_numbers)
    stockrecord = StockRecord.objects.create(
        product=product, partner=seller.partner, partner_sku=f"L{number}"
    )
    listing = Listing.objects.create(
        kind=kind or a_kind(),
        stockrecord=stockrecord,
        slug=f"annuncio-{number}",
        unit_price_cents=price,
        title=title,
        tax_profile=a_tax_profile(),
        withdrawal_profile=a_withdrawal_profile(),
        minimum_milli=4000,
        maximum_milli=30_000,
        step_milli=500,
        lead_time_hours=24,
    )
    listing.area.add(a_municipality())
    return listing


def a_slot(*, places: int = 3, of: Listing | None = None, starts_in: timedelta = timedelta(days=3)) -> Slot:
    listing = of or a_listing()
    start = NOW + starts_in
    return Slot.objects.create(
        listing=listing, period=Range(start, start + timedelta(hours=2)), capacity=places
    )


def a_basket() -> Any:
    basket = Basket.objects.create()
    basket.strategy = Strategy()
    return basket


def a_kept_booking(
    slot: Slot | None = None,
    *,
    basket: Any = None,
    quantity_milli: int = 6000,
    now: datetime = NOW,
    address: str = "",
    by: Actor = SOMEBODY,
) -> Booking:
    wanted = Slot.objects.select_related("listing__kind", "listing__stockrecord").get(
        pk=(slot or a_slot()).pk
    )
    return keep_booking(
        basket=basket or a_basket(),
        listing=wanted.listing,
        slot_id=wanted.pk,
        quantity_milli=quantity_milli,
        address=address,
        by=by,
        now=now,
    )


def a_contact() -> ContactData:
    return ContactData(
        name="Anna Prova",
        email="anna@example.org",
        phone="3331234567",
        street="Via Roma 1",
        municipality=a_municipality(),
    )


def a_placing(basket_id: int, **changes: Any) -> Placing:
    """What the person confirms: the basket as it is now."""
    return Placing(
        **{
            "key": uuid4(),
            "basket_id": basket_id,
            "shown": quote_of(bookings_in(basket_id), asker=Asker(now=NOW)),
            "district": a_district(),
            "user": AnonymousUser(),
            "contact": a_contact(),
            "language": "it",
            **changes,
        }
    )


def a_placed_purchase(*slots: Slot, now: datetime = NOW) -> Purchase:
    basket = a_basket()
    for slot in slots or [a_slot()]:
        a_kept_booking(slot, basket=basket, now=now)
    return place_purchase(a_placing(basket.pk), by=SOMEBODY, now=now)


def payment_of(purchase: Purchase) -> Payment:
    return Payment.objects.get(purchase_code=purchase.code)


def an_open_payment_of(purchase: Purchase) -> Payment:
    """Its payment, as after Stripe has answered with a page."""
    payment = payment_of(purchase)
    payment.move_to(Payment.State.OPEN)
    payment.session_id, payment.session_url = f"cs_test_{purchase.code}", "https://checkout.example.org/"
    payment.save()
    return payment


def paid(payment: Payment, *, fee: int | None = 68, received: int | None = None) -> SessionFacts:
    """What Stripe says once the family has paid."""
    return SessionFacts(
        session_id=payment.session_id,
        status="complete",
        payment_status="paid",
        url="",
        intent_id=f"pi_{payment.purchase_code}",
        charge_id=f"ch_{payment.purchase_code}",
        received=payment.amount_cents if received is None else received,
        fee=fee,
    )


def expired(payment: Payment) -> SessionFacts:
    """What Stripe says once nobody can pay any more."""
    return SessionFacts(session_id=payment.session_id, status="expired", payment_status="unpaid", url="")
