"""What the words of a search mean: a service and a municipality by their names, and what is left to look for."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from catalogue.models import ServiceKind
from territory.models import Municipality

# Before the name of a place they say nothing: "stiro a Offanengo", "cleaning near Crema".
LEADING = {"a", "ad", "in", "di", "da", "vicino", "presso", "zona", "at", "near", "around"}

Named = TypeVar("Named", ServiceKind, Municipality)


@dataclass(frozen=True)
class Understood:
    """The service and the place that were named, and the words that name neither."""

    kind: ServiceKind | None
    municipality: Municipality | None
    rest: str


def understand(
    words: str, kinds: Iterable[ServiceKind], municipalities: Iterable[Municipality]
) -> Understood:
    """Find the service and the municipality that ``words`` name, the longest names first, accents and case aside."""
    typed = words.split()
    if not typed:
        return Understood(None, None, "")
    municipality, typed = _take(typed, [(name, place) for place in municipalities for name in [place.name]])
    kind, typed = _take(typed, [(name, kind) for kind in kinds for name in _names(kind)])
    while typed and (municipality or kind) and plain(typed[-1]) in [[word] for word in LEADING]:
        typed = typed[:-1]
    return Understood(kind, municipality, " ".join(typed))


def plain(words: str) -> list[str]:
    """Return words in small letters without accents, as the index spells them."""
    letters = unicodedata.normalize("NFKD", words.lower())
    return re.findall(
        r"[a-z0-9]+", "".join(letter for letter in letters if not unicodedata.combining(letter))
    )


def _names(kind: ServiceKind) -> list[str]:
    return [kind.name_it, kind.name_en, *re.split(r"[,;\n]", kind.keywords)]


def _take(typed: list[str], named: Sequence[tuple[str, Named]]) -> tuple[Named | None, list[str]]:
    """Return the thing whose name stands among the words, and the words without it and what leads to it."""
    spelt = [plain(word) for word in typed]
    by_length = sorted(named, key=lambda pair: -len(plain(pair[0])))
    for name, thing in by_length:
        wanted = plain(name)
        for start in range(len(spelt) - len(wanted) + 1) if wanted else ():
            if [letter for word in spelt[start : start + len(wanted)] for letter in word] == wanted:
                before = start
                while before and spelt[before - 1] and spelt[before - 1][0] in LEADING:
                    before -= 1
                return thing, typed[:before] + typed[start + len(wanted) :]
    return None, typed
