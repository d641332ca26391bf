"""What is for sale in the benchmarks: the same goods for every shop that is measured. No Django in here.

The words are those of the demo district's cooperatives, mixed by a seed.
"""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.demo.content import ListingContent, cooperatives_content, district_content, municipality_rows

SEED = 20_261_122
SELLERS = 60
SMALLEST_AREA = 5
MANNERS = (
    "di mattina", "di sera", "in giornata", "il sabato", "su appuntamento", "per famiglie numerose",
    "per chi fa i turni", "a due passi", "senza fretta", "prima delle feste", "ogni settimana", "una volta sola",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of service, as a district names it and as a category of goods."""

    slug: str
    name: str
    promise: str


@dataclass(frozen=True)
class Seller:
    name: str
    slug: str
    seat: str
    story: str


@dataclass(frozen=True)
class Good:
    """One thing for sale; ``seller`` counts into ``sellers()``, ``reach`` municipalities from ``seat``."""

    number: int
    slug: str
    title: str
    description: str
    price_cents: int
    seller: int
    seat: str
    reach: int
    like: ListingContent


def kinds() -> list[Kind]:
    """Return the kinds, in the order in which the district shows them."""
    return [Kind(kind["slug"], kind["name_it"], kind["promise_it"]) for kind in district_content()["kinds"]]


def sellers(*, seed: int = SEED) -> list[Seller]:
    """Return the cooperatives that sell."""
    dice = random.Random(seed)  # noqa: S311  the same goods every time
    seats = [row["name"] for row in municipality_rows()]
    patterns = cooperatives_content()
    found = []
    for number in range(1, SELLERS + 1):
        pattern, seat = dice.choice(patterns), dice.choice(seats)
        name = f"{pattern.name.replace('Demo', 'di prova')} {number}"
        found.append(Seller(name, f"prova-{number}-{pattern.slug}", seat, pattern.story.strip()))
    return found


def goods(count: int, *, seed: int = SEED) -> Iterator[Good]:
    """Give so many goods, all different: the first hundred are the same whether a thousand follow or not."""
    dice = random.Random(seed)  # noqa: S311
    towns = [row["name"] for row in municipality_rows()]
    seats = [seller.seat for seller in sellers(seed=seed)]
    patterns = [listing for cooperative in cooperatives_content() for listing in cooperative.listings]
    by_kind = {kind.slug: [one for one in patterns if one.kind == kind.slug] for kind in kinds()}
    order = list(by_kind)
    for number in range(1, count + 1):
        # The kinds in turn: a hundred goods have twenty of each.
        alike = by_kind[order[number % len(order)]]
        like, second = dice.sample(alike, 2)
        seller = dice.randrange(SELLERS)
        title = f"{like.title} {dice.choice(MANNERS)}, {dice.choice(towns)}"
        said = f"{like.description.strip()} {second.description.strip()}"
        yield Good(
            number=number,
            slug=f"{slug_of(like.title)}-{number}",
            title=title,
            description=said,
            price_cents=like.price_cents * dice.randrange(70, 131) // 100,
            seller=seller,
            seat=seats[seller],
            reach=dice.randrange(SMALLEST_AREA, len(towns) + 1),
            like=like,
        )


def slug_of(words: str) -> str:
    """Return the words as they stand in an address."""
    plain = unicodedata.normalize("NFKD", words.replace("'", " ")).encode("ascii", "ignore").decode()
    letters = "".join(letter if letter.isalnum() else " " for letter in plain.lower())
    return "-".join(letters.split())
