"""The statements that bring the index up to date, for the listings of the keys ``listings``."""

WRITE = """
    WITH area AS (
        SELECT listing_id, array_agg(municipality_id ORDER BY municipality_id) ids
        FROM listing_listing_area
        WHERE listing_id = ANY(%(listings)s)
        GROUP BY listing_id
    ), place AS (
        SELECT listing_id, array_agg(place_id ORDER BY place_id) ids
        FROM listing_listing_places
        WHERE listing_id = ANY(%(listings)s)
        GROUP BY listing_id
    )
    INSERT INTO storefront_indexedoffer AS old (
        listing_id, district_id, kind_id, cooperative_id, municipality_ids, place_ids, unit_price_cents, free_days
    )
    SELECT l.id, k.district_id, k.id, c.id, coalesce(area.ids, '{}'), coalesce(place.ids, '{}'), l.unit_price_cents,
        '{}'
    FROM listing_listing l
    JOIN listing_servicekind k ON k.id = l.kind_id
    JOIN partner_stockrecord s ON s.id = l.stockrecord_id
    JOIN providers_cooperative c ON c.partner_id = s.partner_id
    LEFT JOIN area ON area.listing_id = l.id
    LEFT JOIN place ON place.listing_id = l.id
    WHERE l.state = 'published' AND l.id = ANY(%(listings)s)
    ON CONFLICT (listing_id) DO UPDATE SET
        district_id = excluded.district_id, kind_id = excluded.kind_id, cooperative_id = excluded.cooperative_id,
        municipality_ids = excluded.municipality_ids, place_ids = excluded.place_ids,
        unit_price_cents = excluded.unit_price_cents
    WHERE (old.district_id, old.kind_id, old.cooperative_id, old.municipality_ids, old.place_ids,
           old.unit_price_cents)
        IS DISTINCT FROM
          (excluded.district_id, excluded.kind_id, excluded.cooperative_id, excluded.municipality_ids,
           excluded.place_ids, excluded.unit_price_cents)
"""

DROP = """
    WITH gone AS (
        SELECT old.listing_id FROM storefront_indexedoffer old
        WHERE old.listing_id = ANY(%(listings)s)
          AND NOT EXISTS (SELECT FROM listing_listing l WHERE l.id = old.listing_id AND l.state = 'published')
    ), silent AS (
        DELETE FROM storefront_offerwords WHERE offer_id IN (SELECT listing_id FROM gone)
    )
    DELETE FROM storefront_indexedoffer WHERE listing_id IN (SELECT listing_id FROM gone)
"""

SAY = """
    INSERT INTO storefront_offerwords AS old (offer_id, title_it, title_en, text_it, text_en)
    SELECT l.id,
        concat_ws(' ', l.title, p.name), l.title_en,
        concat_ws(' ', l.description, l.includes, l.needs),
        concat_ws(' ', l.description_en, l.includes_en, l.needs_en)
    FROM storefront_indexedoffer o
    JOIN listing_listing l ON l.id = o.listing_id
    JOIN partner_stockrecord s ON s.id = l.stockrecord_id
    JOIN partner_partner p ON p.id = s.partner_id
    WHERE l.id = ANY(%(listings)s)
    ON CONFLICT (offer_id) DO UPDATE SET
        title_it = excluded.title_it, title_en = excluded.title_en,
        text_it = excluded.text_it, text_en = excluded.text_en
    WHERE (old.title_it, old.title_en, old.text_it, old.text_en)
        IS DISTINCT FROM (excluded.title_it, excluded.title_en, excluded.text_it, excluded.text_en)
"""

# The bound by lead time is the same that decides whether a time may be kept.
RETIME = """
    WITH free AS (
        SELECT o.listing_id, min(lower(slot.period)) first_free_at,
            coalesce(array_agg(DISTINCT (lower(slot.period) AT TIME ZONE %(zone)s)::date)
                FILTER (WHERE lower(slot.period) < %(days_end)s), '{}') free_days
        FROM storefront_indexedoffer o
        JOIN listing_listing l ON l.id = o.listing_id
        LEFT JOIN providers_slot slot ON slot.listing_id = o.listing_id AND slot.taken < slot.capacity
            AND lower(slot.period) >= %(now)s + l.lead_time_hours * interval '1 hour'
            AND lower(slot.period) < %(until)s
        WHERE o.listing_id = ANY(%(listings)s)
        GROUP BY o.listing_id
    )
    UPDATE storefront_indexedoffer o
    SET first_free_at = free.first_free_at, free_days = free.free_days
    FROM free
    WHERE free.listing_id = o.listing_id
      AND (o.first_free_at, o.free_days) IS DISTINCT FROM (free.first_free_at, free.free_days)
"""

FORGET_TALLIES = "DELETE FROM storefront_offertally"

TALLY = """
    INSERT INTO storefront_offertally (kind_id, municipality_id, offers, from_cents)
    SELECT kind_id, municipality_id, count(*), min(unit_price_cents)
    FROM storefront_indexedoffer, unnest(municipality_ids) municipality_id
    GROUP BY kind_id, municipality_id
    UNION ALL
    SELECT kind_id, NULL, count(*), min(unit_price_cents) FROM storefront_indexedoffer GROUP BY kind_id
"""

FORGET_WORDS = "DELETE FROM storefront_knownword"

# What offers say, and the names of services and places; what is nothing but grammar ("della") corrects no typing.
LEARN_WORDS = """
    INSERT INTO storefront_knownword (district_id, word)
    SELECT district_id, word
    FROM (
        SELECT DISTINCT district_id, regexp_split_to_table(lower(unaccent(words)), '[^a-z0-9]+') word
        FROM (
            SELECT o.district_id, concat_ws(' ', w.title_it, w.title_en, w.text_it, w.text_en) words
            FROM storefront_offerwords w
            JOIN storefront_indexedoffer o ON o.listing_id = w.offer_id
            UNION ALL SELECT district_id, concat_ws(' ', name_it, name_en, keywords) FROM listing_servicekind
            UNION ALL SELECT district_id, name FROM territory_municipality
        ) texts
    ) said
    WHERE length(word) BETWEEN 3 AND 40 AND numnode(plainto_tsquery('it', word)) > 0
"""
