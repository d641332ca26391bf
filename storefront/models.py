"""What the shop's pages read instead of the whole catalogue: rows derived from other rooms, and nothing else.

Whatever stands here can be made again by ``refresh_index``; no page takes a price or a free time from it.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

from storefront.words import ENGLISH, ITALIAN, weighted


class IndexedOffer(models.Model):
    """A listing on sale as search sees it: where it is offered, at what price, when it is first free.

    Short on purpose: counting what there is reads many of these. What is said of it stands in ``OfferWords``.
    ``free_days`` are the days of the coming two weeks with a free time; times are as of the last refresh.
    """

    listing = models.OneToOneField(
        "listing.Listing", on_delete=models.CASCADE, primary_key=True, related_name="indexed"
    )
    district = models.ForeignKey("territory.District", on_delete=models.CASCADE, related_name="+")
    kind = models.ForeignKey("listing.ServiceKind", on_delete=models.CASCADE, related_name="+")
    cooperative = models.ForeignKey("providers.Cooperative", on_delete=models.CASCADE, related_name="+")
    municipality_ids = ArrayField(models.BigIntegerField())
    place_ids = ArrayField(models.BigIntegerField())
    unit_price_cents = models.PositiveBigIntegerField()
    first_free_at = models.DateTimeField(null=True)
    free_days = ArrayField(models.DateField(), default=list)

    class Meta:
        indexes = [
            models.Index(
                F("kind"), F("first_free_at").asc(nulls_last=True), F("unit_price_cents"), F("listing"),
                name="offer_by_first_free",
            ),
            models.Index(fields=["district"], name="offer_of_a_district"),
            models.Index(fields=["cooperative"], name="offer_of_a_cooperative"),
            GinIndex(fields=["municipality_ids"], name="offer_where"),
            GinIndex(fields=["place_ids"], name="offer_at_a_place"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"offer of {self.listing_id}"


class OfferWords(models.Model):
    """What is said of an offer, in Italian and English, and the stems it is found by."""

    offer = models.OneToOneField(
        IndexedOffer, on_delete=models.CASCADE, primary_key=True, related_name="said"
    )
    title_it = models.TextField()
    title_en = models.TextField()
    text_it = models.TextField()
    text_en = models.TextField()
    words = models.GeneratedField(
        expression=weighted(("title_it", ITALIAN, "A"), ("title_en", ENGLISH, "A"), ("text_it", ITALIAN, "C"),
                            ("text_en", ENGLISH, "C")),
        output_field=SearchVectorField(),
        db_persist=True,
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "offer words"
        indexes = [GinIndex(fields=["words"], name="offer_words")]

    def __str__(self) -> str:
        return self.title_it


class OfferTally(models.Model):
    """How many offers of a kind there are in a municipality, or in the whole district, and from what price."""

    kind = models.ForeignKey("listing.ServiceKind", on_delete=models.CASCADE, related_name="tallies")
    municipality = models.ForeignKey(
        "territory.Municipality", null=True, on_delete=models.CASCADE, related_name="tallies"
    )
    offers = models.PositiveIntegerField()
    from_cents = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "municipality"], nulls_distinct=False, name="tally_once_a_kind_and_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} in {self.municipality_id}: {self.offers}"


class KnownWord(models.Model):
    """A word that some offer of a district says, without accents: what a mistyped word may have meant."""

    district = models.ForeignKey("territory.District", on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "word"], name="word_once_a_district")]
        indexes = [GinIndex(fields=["word"], name="word_by_letters", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
