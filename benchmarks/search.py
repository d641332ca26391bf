"""How long a page of results takes to find, counts of every filter included, before anything is rendered."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from benchmarks.catalogue import fill
from benchmarks.goods import kinds
from storefront.refresh_index import refresh_index
from storefront.results import results
from territory.models import District

TURNS = 30
# What families ask for: the kind's page, narrowed, and words: in a title, in a text, several, mistyped, none's.
SEARCHES = {
    "a kind": ("stireria", {}),
    "a kind, page 20": ("stireria", {"pagina": "20"}),
    "a kind in a place": ("stireria", {"comune": "crema"}),
    "a kind in a place, up to a price": ("pulizie", {"comune": "offanengo", "prezzo": "2000"}),
    "a word of titles": ("", {"q": "camicie"}),
    "a word of many texts": ("", {"q": "casa"}),
    "two words in a place": ("", {"q": "compiti merenda", "comune": "crema"}),
    "a word mistyped": ("", {"q": "camiciee"}),
    "a word like none": ("", {"q": "xylofono"}),
}


def run(*, listings: int) -> None:
    """Fill the shop, and print what each search takes in this process."""
    now = timezone.now()
    fill(listings, now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    begin = time.perf_counter()
    refresh_index(now=now)
    print(f"{listings} listings; a refresh that finds nothing to do: {time.perf_counter() - begin:.1f} s")
    print(f"{'':36}{'found':>7}{'p50 ms':>8}{'p95 ms':>8}{'of it SQL':>10}{'queries':>8}")
    district = District.objects.get(service_kinds__slug=kinds()[0].slug)
    for label, (kind, asked) in SEARCHES.items():
        _measure(label, partial(_search, district, kind, asked))


def _search(district: District, kind: str, asked: dict[str, str]) -> int:
    request = RequestFactory().get("/", asked)
    request.user = AnonymousUser()
    return results(request, district, timezone.now(), kind=kind).found.total


def _measure(label: str, search: Callable[[], int]) -> None:
    spent, queries = 0.0, 0

    def timing(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal spent, queries
        begin = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent += time.perf_counter() - begin
            queries += 1

    found = search()
    times = []
    with connection.execute_wrapper(timing):
        for _ in range(TURNS):
            begin = time.perf_counter()
            search()
            times.append((time.perf_counter() - begin) * 1000)
    times.sort()
    print(
        f"{label:36}{found:>7}{median(times):>8.1f}{times[TURNS * 95 // 100]:>8.1f}"
        f"{spent * 1000 / TURNS:>10.1f}{queries // TURNS:>8}",
        flush=True,
    )
