"""Which state of the data a listing's page shows: one statement, so that a page may be kept while it stays the same.

Every table that the page reads is named here; ``tests/storefront/test_kept_pages.py`` fails for one that is not.
"""

from datetime import datetime

from django.db import connection

from kernel.clock import rome_date, rome_midnight
from storefront.refresh_index import LOOK_AHEAD

# Whole rows, so that a new column is in it by itself. With ``xmin``, the transaction that wrote the row: what was
# changed and put back while a page was being made is another version.
STATEMENT = """
SELECT md5(ROW(
    district.xmin, district, kind.xmin, kind, listing.xmin, listing,
    record.xmin, record, partner.xmin, partner, cooperative.xmin, cooperative,
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
        SELECT ROW(place.xmin, place, ARRAY(
            SELECT area.id FROM listing_listing_area area
            WHERE area.listing_id = listing.id AND area.municipality_id = place.id
        ))
        FROM territory_municipality place
        WHERE place.district_id = district.id AND place.slug = %(place)s
    )
)::text)
FROM territory_district district
JOIN listing_servicekind kind ON kind.district_id = district.id
JOIN listing_listing listing ON listing.kind_id = kind.id
JOIN partner_stockrecord record ON record.id = listing.stockrecord_id
JOIN partner_partner partner ON partner.id = record.partner_id
JOIN providers_cooperative cooperative ON cooperative.partner_id = partner.id
WHERE district.slug = %(district)s AND listing.slug = %(listing)s
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
