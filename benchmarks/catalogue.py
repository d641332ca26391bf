"""Fill a database with listings as a busy district would have them.

``fill`` asks nothing of the database but that it is migrated, commits nothing and empties nothing: tests use it
inside a transaction of theirs.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from oscar.apps.catalogue.models import Category, Option, Product, ProductCategory, ProductClass
from oscar.apps.partner.models import Partner, StockRecord

from benchmarks.goods import SEED, Good, goods, sellers
from catalogue.models import Listing, TaxProfile, WithdrawalProfile
from checkout.baskets import BOOKING_OPTION
from kernel.clock import rome_date
from marketplace.demo.areas import nearest
from marketplace.demo.territories import add_district
from providers.models import Cooperative
from storefront.refresh_index import refresh_index
from territory.models import District, Municipality

BATCH = 2000

# Two halves of thirty days, each with one appointment at most: 20 to 60 of the 60, spread evenly. One in five
# is full, and one listing in forty has nothing free. The dice are a hash: the same on every machine.
SLOTS = """
    INSERT INTO providers_slot (listing_id, period, capacity, taken)
    SELECT listing_id, tstzrange(starts_at, starts_at + interval '2 hours'), capacity,
        CASE WHEN sold_out OR dice %% 5 = 0 THEN capacity ELSE dice %% capacity END
    FROM (
        SELECT l.id AS listing_id, l.capacity, l.sold_out, abs(hashtext(l.slug || ':' || n)) AS dice,
            (%(today)s::date + 1 + half / 2 + make_interval(
                hours => 8 + half %% 2 * 6 + abs(hashtext(n || ':' || l.slug)) %% 2 * 2
            )) AT TIME ZONE 'Europe/Rome' AS starts_at
        FROM (
            SELECT id, slug, 20 + abs(hashtext(slug)) %% 41 AS slots, 1 + abs(hashtext('c' || slug)) %% 4 AS capacity,
                abs(hashtext('s' || slug)) %% 40 = 0 AS sold_out
            FROM listing_listing WHERE id = ANY(%(listings)s)
        ) l
        CROSS JOIN LATERAL (SELECT n, n * 60 / l.slots AS half FROM generate_series(0, l.slots - 1) n) times
    ) drawn
"""


def fill(listings: int, *, seed: int = SEED, now: datetime) -> None:
    """Put so many listings on sale in the demo's district, with areas and with times from the day after ``now``."""
    district = add_district()
    municipalities = list(district.municipalities.all())
    cooperatives = _add_cooperatives(district, seed)
    on_sale = list(goods(listings, seed=seed))
    stockrecords = _add_products(on_sale, cooperatives)
    rows = _add_listings(on_sale, stockrecords, district)
    _add_areas(on_sale, rows, municipalities)
    with connection.cursor() as cursor:
        # In parts, so that none of them meets the statement timeout.
        for start in range(0, listings, BATCH):
            part = [row.pk for row in rows[start : start + BATCH]]
            cursor.execute(SLOTS, {"today": rome_date(now), "listings": part})
    with connection.cursor() as cursor:
        # What was just filled is unknown to the planner, who would join it row by row.
        cursor.execute("ANALYZE")
    refresh_index(now=now)


def _add_cooperatives(district: District, seed: int) -> list[Cooperative]:
    wanted = sellers(seed=seed)
    partners = Partner.objects.bulk_create(Partner(code=one.slug, name=one.name) for one in wanted)
    cooperatives = Cooperative.objects.bulk_create(
        Cooperative(
            partner=partner,
            slug=one.slug,
            story=one.story,
            phone="0373 000 000",
            email=f"{one.slug}@example.org",
            vat_number=f"98{number:09}",
            commission_bp=500,
        )
        for number, (one, partner) in enumerate(zip(wanted, partners, strict=True))
    )
    district.cooperatives.add(*cooperatives)
    return cooperatives


def _add_products(on_sale: list[Good], cooperatives: list[Cooperative]) -> list[Any]:
    """Add what Oscar has beneath the listings, and return the stock records."""
    Option.objects.get_or_create(code=BOOKING_OPTION, defaults={"name": BOOKING_OPTION})
    service, _ = ProductClass.objects.get_or_create(
        slug="servizio", defaults={"name": "Servizio", "requires_shipping": False, "track_stock": False}
    )
    categories = {slug: _category(slug) for slug in {good.like.kind for good in on_sale}}
    products = Product.objects.bulk_create(
        (
            Product(
                product_class=service,
                code=good.slug,
                title=good.title,
                slug=good.slug,
                description=good.description,
                is_discountable=False,
            )
            for good in on_sale
        ),
        batch_size=BATCH,
    )
    pairs = list(zip(on_sale, products, strict=True))
    ProductCategory.objects.bulk_create(
        (ProductCategory(product=product, category=categories[good.like.kind]) for good, product in pairs),
        batch_size=BATCH,
    )
    made: list[Any] = StockRecord.objects.bulk_create(
        (
            StockRecord(
                product=product, partner_id=cooperatives[good.seller].partner_id, partner_sku=good.slug
            )
            for good, product in pairs
        ),
        batch_size=BATCH,
    )
    return made


def _category(slug: str) -> Any:
    return Category.objects.filter(code=slug).first() or Category.add_root(code=slug, slug=slug, name=slug)


def _add_listings(on_sale: list[Good], stockrecords: list[Any], district: District) -> list[Listing]:
    kinds = {kind.slug: kind for kind in district.service_kinds.all()}
    taxes = {profile.slug: profile for profile in TaxProfile.objects.all()}
    withdrawals = {profile.slug: profile for profile in WithdrawalProfile.objects.all()}
    return Listing.objects.bulk_create(
        (
            Listing(
                kind=kinds[good.like.kind],
                stockrecord=stockrecord,
                slug=good.slug,
                title=good.title,
                description=good.description,
                includes=good.like.includes,
                needs=good.like.needs,
                unit_price_cents=good.price_cents,
                tax_profile=taxes[good.like.tax_profile],
                withdrawal_profile=withdrawals[good.like.withdrawal_profile],
                minimum_milli=good.like.minimum_milli,
                maximum_milli=good.like.maximum_milli,
                step_milli=good.like.step_milli,
                lead_time_hours=good.like.lead_time_hours,
            )
            for good, stockrecord in zip(on_sale, stockrecords, strict=True)
        ),
        batch_size=BATCH,
    )


def _add_areas(on_sale: list[Good], rows: list[Listing], municipalities: list[Municipality]) -> None:
    """Have each listing serve the municipalities nearest to its seller, as many as it reaches."""
    around = {seat.name: nearest(seat, municipalities, None) for seat in municipalities}
    pairs = (
        (row.pk, place.pk)
        for good, row in zip(on_sale, rows, strict=True)
        for place in around[good.seat][: good.reach]
    )
    _copy(pairs, "COPY listing_listing_area (listing_id, municipality_id) FROM STDIN")


def _copy(rows: Iterable[tuple[int, int]], statement: str) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
