"""Every address that anybody may find: what the sitemaps list."""

from collections.abc import Iterator

from django.db.models import Sum
from django.urls import reverse

from storefront.models import IndexedOffer, OfferTally
from territory.models import District

LISTINGS_A_SECTION = 10_000  # a sitemap takes 50,000 addresses
PAGES = (
    "home",
    "municipalities",
    "help",
    "about",
    "prices",
    "ranking",
    "terms",
    "privacy",
    "withdrawal",
    "accessibility",
)


def sections() -> list[str]:
    """Return the addresses of all sitemaps: one of pages and as many of listings as each district needs."""
    tallies = OfferTally.objects.filter(municipality=None).values("kind__district")
    by_district = dict(tallies.annotate(total=Sum("offers")).values_list("kind__district", "total"))
    found = []
    for district in District.objects.order_by("pk"):
        found.append(reverse("storefront:sitemap_pages", args=[district.slug]))
        many = -(-by_district.get(district.pk, 0) // LISTINGS_A_SECTION)
        found += [
            reverse("storefront:sitemap_listings", args=[district.slug, number])
            for number in range(1, many + 1)
        ]
    return found


def pages_of(district: District) -> Iterator[str]:
    """Yield the addresses of a district's pages, listings aside."""
    yield from (reverse(f"storefront:{name}", args=[district.slug]) for name in PAGES)
    for name, rows in (
        ("kind", district.service_kinds.order_by("position")),
        ("municipality", district.municipalities.order_by("name")),
        ("cooperative", district.cooperatives.order_by("slug")),
        ("place", district.places.order_by("slug")),
    ):
        for slug in rows.values_list("slug", flat=True):
            yield reverse(f"storefront:{name}", args=[district.slug, slug])


def listings_of(district: District, number: int) -> list[str]:
    """Return the addresses of a section of a district's listings on sale; none beyond the last section."""
    slugs = (
        IndexedOffer.objects.filter(district=district).order_by("pk").values_list("listing__slug", flat=True)
    )
    start = (number - 1) * LISTINGS_A_SECTION
    return [
        reverse("storefront:listing", args=[district.slug, slug])
        for slug in slugs[start : start + LISTINGS_A_SECTION]
    ]
