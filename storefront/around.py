"""The municipalities of a district with how many offers each has, and those around one of them."""

from dataclasses import dataclass

from django.db.models import Sum

from storefront.count_offers import Nearby, nearest_with_offers
from storefront.find_offers import Criteria
from storefront.models import OfferTally
from territory.models import District, Municipality


@dataclass(frozen=True)
class Counted:
    municipality: Municipality
    offers: int


def counted_municipalities(district: District) -> list[Counted]:
    """Return all municipalities of a district by name, with the number of offers that reach each."""
    offers = _offers(district)
    return [Counted(place, offers.get(place.pk, 0)) for place in district.municipalities.order_by("name")]


def nearby(municipality: Municipality, district: District) -> list[Nearby]:
    """Return the municipalities with offers that are nearest to one, nearest first."""
    criteria = Criteria(district=district, municipality=municipality)
    return nearest_with_offers(criteria, district.municipalities.all(), _offers(district))


def _offers(district: District) -> dict[int, int]:
    tallies = OfferTally.objects.filter(kind__district=district, municipality__isnull=False)
    return dict(
        tallies.values("municipality").annotate(total=Sum("offers")).values_list("municipality", "total")
    )
