"""Which state of the data a listing's page shows: one statement, so that a page may be kept while it stays the same.

Every table that the page reads is named here; ``tests/storefront/test_kept_pages.py`` fails for one that is not.
"""

from datetime import datetime

from django.db import connection

from kernel.clock import rome_date, rome_midnight
from storefront.refresh_index import LOOK_AHEAD

# Whole rows, so that a new column is in it by itself. With ``xmin``, the transaction that wrote the row: what was
# changed and put back while a page was being made is another version.
# Sub-selects of one table each, because planning joins would take longer than all the rest.
STATEMENT = """
SELECT md5(ROW(
    listing.xmin, listing,
    (SELECT ROW(kind.xmin, kind) FROM listing_servicekind kind WHERE kind.id = listing.kind_id),
    (SELECT ROW(district.xmin, district) FROM territory_district district WHERE district.slug = %(district)s),
    (SELECT ROW(record.xmin, record, (
        SELECT ROW(partner.xmin, partner, (
            SELECT ROW(cooperative.xmin, cooperative) FROM providers_cooperative cooperative
            WHERE cooperative.partner_id = partner.id
        ))
        FROM partner_partner partner WHERE partner.id = record.partner_id
    ))
    FROM partner_stockrecord record WHERE record.id = listing.stockrecord_id),
    ARRAY(
        SELECT ROW(slot.xmin, slot, lower(slot.period) < %(now)s + listing.lead_time_hours * interval '1 hour')
        FROM providers_slot slot
        WHERE slot.listing_id = listing.id
            AND lower(slot.period) >= %(midnight)s AND lower(slot.period) < %(until)s
        ORDER BY lower(slot.period), slot.id
    ),
    ARRAY(
        SELECT ROW(photo.xmin, photo) FROM listing_listingphoto photo
        WHERE photo.listing_id = listing.id ORDER BY photo.id
    ),
    ARRAY(
        SELECT ROW(tier.xmin, tier) FROM listing_pricetier tier
        WHERE tier.listing_id = listing.id ORDER BY tier.id
    ),
    ARRAY(
        SELECT ROW(place.xmin, place) FROM territory_municipality place
        WHERE place.slug = %(place)s ORDER BY place.id
    ),
    ARRAY(
        SELECT ROW(area.xmin, area) FROM listing_listing_area area
        WHERE %(place)s <> '' AND area.listing_id = listing.id ORDER BY area.id
    )
)::text)
FROM listing_listing listing WHERE listing.slug = %(listing)s
"""


def listing_version(*, district: str, listing: str, place: str, now: datetime) -> str | None:
    """Return what tells apart any two states of which a listing's page could look different; none without a listing.

    All are slugs; ``place`` is the municipality that the visitor chose, empty if none. Two pages of one version,
    asked for alike, show the same, whenever they are made. Prices that depend on the person are not in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            {
                "district": district,
                "listing": listing,
                "place": place,
                "now": now,
                "midnight": rome_midnight(rome_date(now)),
                "until": now + LOOK_AHEAD,
            },
        )
        found = cursor.fetchone()
    # Days asked for are brought between the first free time and the last day of the look-ahead.
    return f"{rome_date(now)} {rome_date(now + LOOK_AHEAD)} {found[0]}" if found else None
