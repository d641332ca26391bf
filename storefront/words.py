"""How words are searched: Italian and English stems, accents aside."""

from functools import reduce
from operator import add, or_
from typing import Any

from django.contrib.postgres.search import SearchConfig, SearchQuery, SearchVector

# Italian stems after taking the accents off; made by this room's first migration.
ITALIAN, ENGLISH = "it", "en"


def weighted(*columns: tuple[str, str, str]) -> Any:
    """Return the search vector of columns, each with its configuration and its weight (``A`` counts most)."""
    vectors = (
        SearchVector(name, config=SearchConfig(config), weight=weight) for name, config, weight in columns
    )
    return reduce(add, vectors)


def asked(words: str) -> Any:
    """Return the query for what a person typed, in either language."""
    queries = (SearchQuery(words, config=config, search_type="websearch") for config in (ITALIAN, ENGLISH))
    return reduce(or_, queries)
