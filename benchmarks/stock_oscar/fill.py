"""Make the stock shop ready to be measured: tables, static files, the goods, the search index.

The index takes minutes, and the same goods in an empty database make the same one: it is kept in ``DATA_DIR``.
``python -m benchmarks.stock_oscar.fill COUNT``, in the stock shop's own environment.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.stock_oscar.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django comes first
from django.core.management import call_command  # noqa: E402
from oscar.apps.catalogue.models import Category, Product, ProductCategory, ProductClass  # noqa: E402
from oscar.apps.partner.models import Partner, StockRecord  # noqa: E402

from benchmarks.goods import Good, goods, kinds, sellers  # noqa: E402

BATCH = 1000
# Whoosh writes its files anew after each part of an index: in one part it takes a minute instead of six.
AT_ONCE = 100_000
INDEXED = settings.DATA_DIR / "indexed"


def fill(count: int) -> None:
    """Put so many goods on sale, by bulk: a service of a seller, at a price, in its kind's category."""
    service = ProductClass.objects.create(name="Servizio", requires_shipping=False, track_stock=False)
    categories = {kind.slug: Category.add_root(name=kind.name, slug=kind.slug) for kind in kinds()}
    partners = Partner.objects.bulk_create(Partner(code=one.slug, name=one.name) for one in sellers())
    on_sale = list(goods(count))
    products = Product.objects.bulk_create((_product(good, service) for good in on_sale), batch_size=BATCH)
    pairs = list(zip(on_sale, products, strict=True))
    ProductCategory.objects.bulk_create(
        (ProductCategory(product=product, category=categories[good.like.kind]) for good, product in pairs),
        batch_size=BATCH,
    )
    StockRecord.objects.bulk_create(
        (_stockrecord(good, product, partners[good.seller]) for good, product in pairs), batch_size=BATCH
    )


def _product(good: Good, service: ProductClass) -> Product:
    return Product(
        product_class=service,
        upc=good.slug,
        title=good.title,
        slug=good.slug,
        description=f"<p>{good.description}</p><p>{good.like.includes}</p><p>{good.like.needs}</p>",
    )


def _stockrecord(good: Good, product: Product, partner: Partner) -> StockRecord:
    return StockRecord(
        product=product,
        partner=partner,
        partner_sku=good.slug,
        price_currency="EUR",
        price=f"{good.price_cents // 100}.{good.price_cents % 100:02}",
    )


def main() -> None:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(int(sys.argv[1]))
    if not INDEXED.exists():
        call_command("rebuild_index", interactive=False, verbosity=0, batchsize=AT_ONCE)
        INDEXED.touch()


if __name__ == "__main__":
    main()
