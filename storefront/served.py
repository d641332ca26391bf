"""Where and with what a cooperative serves a district, as its listings on sale say."""

from django.db.models import BigIntegerField, F, Func, QuerySet

from catalogue.models import ServiceKind
from providers.models import Cooperative
from storefront.models import IndexedOffer
from territory.models import District, Municipality


def offers_by(cooperative: Cooperative, district: District) -> QuerySet[IndexedOffer]:
    """Return a cooperative's offers in a district."""
    return IndexedOffer.objects.filter(cooperative=cooperative, district=district)


def kinds_by(cooperative: Cooperative, district: District) -> QuerySet[ServiceKind]:
    """Return the kinds of service that a cooperative offers in a district."""
    return ServiceKind.objects.filter(pk__in=offers_by(cooperative, district).values("kind")).order_by(
        "position"
    )


def municipalities_by(cooperative: Cooperative, district: District) -> QuerySet[Municipality]:
    """Return the municipalities that at least one of a cooperative's offers reaches."""
    reached = Func(F("municipality_ids"), function="unnest", output_field=BigIntegerField())
    return district.municipalities.filter(
        pk__in=offers_by(cooperative, district).values(reached=reached)
    ).order_by("name")
