"""A page of offers chosen by who sells them or by where they are, in the order of every other page of offers."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet

from catalogue.pricing import Asker
from storefront.find_offers import PAGE_SIZE
from storefront.models import IndexedOffer
from storefront.offers import Offer, offers_of


@dataclass(frozen=True)
class PageOfOffers:
    """The offers of one page, and the page itself with its number and its neighbours."""

    offers: list[Offer]
    page: Page[int]

    @property
    def total(self) -> int:
        return self.page.paginator.count


def page_of_offers(indexed: QuerySet[IndexedOffer], *, page: int, asker: Asker) -> PageOfOffers:
    """Return that page of those offers: first free time first, then the lower price, then the older listing."""
    ordered = indexed.order_by(F("first_free_at").asc(nulls_last=True), "unit_price_cents", "listing")
    shown = Paginator(ordered.values_list("pk", flat=True), PAGE_SIZE).get_page(page)
    return PageOfOffers(offers_of(list(shown), quantity=None, asker=asker), shown)
