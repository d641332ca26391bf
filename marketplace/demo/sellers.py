"""Seed the cooperatives with their listings: the rows of ours, and Oscar's beneath them."""

from collections.abc import Iterable, Sequence
from typing import Any

from oscar.apps.catalogue.models import Category, Option, Product, ProductClass
from oscar.apps.partner.models import Partner, StockRecord

from catalogue.models import Listing, PriceTier, ServiceKind, TaxProfile, WithdrawalProfile
from checkout.baskets import BOOKING_OPTION
from marketplace.demo.areas import nearest
from marketplace.demo.content import CooperativeContent, ListingContent
from providers.models import Cooperative
from territory.models import District, Municipality


def add_sellers(district: District, contents: Iterable[CooperativeContent]) -> None:
    """Add the cooperatives and listings that are missing."""
    Option.objects.get_or_create(code=BOOKING_OPTION, defaults={"name": BOOKING_OPTION})
    service, _ = ProductClass.objects.get_or_create(
        slug="servizio", defaults={"name": "Servizio", "requires_shipping": False, "track_stock": False}
    )
    kinds = {kind.slug: kind for kind in district.service_kinds.all()}
    categories = {slug: _category(kind) for slug, kind in kinds.items()}
    municipalities = list(district.municipalities.all())
    known = set(Listing.objects.values_list("slug", flat=True))
    for content in contents:
        cooperative = _add_cooperative(district, content)
        seat = next(place for place in municipalities if place.slug == content.seat)
        for listing in content.listings:
            if listing.slug in known:
                continue
            product = _product(service, categories[listing.kind], listing)
            area = nearest(seat, municipalities, listing.reach)
            _add_listing(cooperative, kinds[listing.kind], product, listing, area)


def _category(kind: ServiceKind) -> Any:
    """Return the Oscar category that stands for a kind."""
    return Category.objects.filter(code=kind.slug).first() or Category.add_root(
        code=kind.slug, slug=kind.slug, name=kind.name_it
    )


def _add_cooperative(district: District, content: CooperativeContent) -> Cooperative:
    partner, _ = Partner.objects.get_or_create(code=content.slug, defaults={"name": content.name})
    cooperative, is_new = Cooperative.objects.get_or_create(
        slug=content.slug,
        defaults={
            "partner": partner,
            "story": content.story,
            "story_en": content.story_en,
            "seat": content.address,
            "phone": content.phone,
            "email": content.email,
            "vat_number": content.vat_number,
            "commission_bp": content.commission_bp,
        },
    )
    if is_new:
        cooperative.districts.add(district)
    return cooperative


def _product(service: Any, category: Any, content: ListingContent) -> Any:
    product, is_new = Product.objects.get_or_create(
        code=content.slug,
        defaults={
            "product_class": service,
            "title": content.title,
            "slug": content.slug,
            "description": content.description,
            "is_discountable": False,
        },
    )
    if is_new:
        product.categories.add(category)
    return product


def _add_listing(
    cooperative: Cooperative,
    kind: ServiceKind,
    product: Any,
    content: ListingContent,
    area: Sequence[Municipality],
) -> None:
    # The price is the listing's alone: the stock record has none.
    stockrecord, _ = StockRecord.objects.get_or_create(
        partner_id=cooperative.partner_id, partner_sku=content.slug, defaults={"product": product}
    )
    listing = Listing.objects.create(
        kind=kind,
        stockrecord=stockrecord,
        slug=content.slug,
        unit_price_cents=content.price_cents,
        title=content.title,
        title_en=content.title_en,
        description=content.description,
        description_en=content.description_en,
        tax_profile=TaxProfile.objects.get(slug=content.tax_profile),
        withdrawal_profile=WithdrawalProfile.objects.get(slug=content.withdrawal_profile),
        minimum_milli=content.minimum_milli,
        maximum_milli=content.maximum_milli,
        step_milli=content.step_milli,
        lead_time_hours=content.lead_time_hours,
        includes=content.includes,
        includes_en=content.includes_en,
        needs=content.needs,
        needs_en=content.needs_en,
    )
    listing.area.set(area)
    listing.places.set(kind.district.places.filter(slug__in=content.places))
    PriceTier.objects.bulk_create(
        PriceTier(listing=listing, from_people=people, unit_price_cents=cents)
        for people, cents in content.tiers
    )
