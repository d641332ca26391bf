"""The services a district offers, with how many offers there are and from what price."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from catalogue.models import ServiceKind
from storefront.models import OfferTally
from territory.models import District, Municipality


@dataclass(frozen=True)
class KindOnOffer:
    """A kind of service; ``from_cents`` is the lowest price of a unit, none where nobody offers it."""

    kind: ServiceKind
    offers: int
    from_cents: int | None


def kinds_on_offer(district: District, municipality: Municipality | None = None) -> list[KindOnOffer]:
    """Return the district's kinds in their order, counted in the whole district or in one municipality."""
    tallies = OfferTally.objects.filter(kind=OuterRef("pk"), municipality=municipality)
    kinds = district.service_kinds.order_by("position").annotate(
        offers=Subquery(tallies.values("offers")), from_cents=Subquery(tallies.values("from_cents"))
    )
    return [KindOnOffer(kind, kind.offers or 0, kind.from_cents) for kind in kinds]
