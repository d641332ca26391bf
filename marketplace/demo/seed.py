"""Fill a database with the demo district, all or nothing. May be run again at any time: it only adds."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model

from aggregation.models import SavingKey
from catalogue.models import Listing, ListingPhoto, ServiceKind
from companies.models import Company
from kernel.clock import rome_date
from marketplace.demo.content import cooperatives_content, district_content
from marketplace.demo.logins import add_people
from marketplace.demo.photos import add_photos
from marketplace.demo.sellers import add_sellers
from marketplace.demo.slots import add_slots
from marketplace.demo.territories import add_district
from people.models import User
from providers.models import Cooperative, Slot
from storefront.refresh_index import refresh_index
from territory.models import District, Municipality, Place
from vouchers.models import FundingSource

# Two machines may be prepared at once.
SEED_LOCK = 20_260_302

COUNTED: tuple[type[Model], ...] = (
    District,
    Municipality,
    Place,
    ServiceKind,
    Cooperative,
    Listing,
    ListingPhoto,
    Slot,
    Company,
    FundingSource,
    SavingKey,
    User,
)


@dataclass(frozen=True)
class Tally:
    """How many rows of a kind there are now, and how many of them are new."""

    what: str
    found: int
    added: int


def seed_district(*, now: datetime, with_people: bool) -> list[Tally]:
    """Add what is missing of the demo district and return what is there now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED_LOCK])
        before = _counts()
        cooperatives = cooperatives_content()
        district = add_district()
        add_sellers(district, cooperatives)
        listings = [listing for cooperative in cooperatives for listing in cooperative.listings]
        add_photos(listings, now=now)
        add_slots(
            listings,
            today=rome_date(now),
            closed_days=district_content()["closed_days"],
        )
        if with_people:
            add_people(district)
        refresh_index(now=now)
        after = _counts()
    return [Tally(what, count, count - before[what]) for what, count in after.items()]


def _counts() -> dict[str, int]:
    return {str(model._meta.verbose_name_plural): model._default_manager.count() for model in COUNTED}
