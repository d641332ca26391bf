"""Listing, product and search pages beside a stock Oscar: same goods, same server, same visitors, in turn.

Before anything is timed every address is asked once from a server that counts queries; what it shows of the goods
is what each timed answer must show too.
"""

import html
import math
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from django.conf import settings

from benchmarks import shops
from benchmarks.clients import QUERIES_HEADER, Client, Load, Page, WrongAnswer, load
from benchmarks.goods import goods
from benchmarks.servers import Server, cpu_of, postgres_pid, serving
from benchmarks.shops import Shop

CONNECTIONS = (1, 8)
ROUNDS = 2
WARM_SECONDS = 1.0
# Each line of ours stands beside these of Oscar's.
BESIDE = {
    "product": [("ours", "product"), ("ours", "product, afresh"), ("Oscar, Whoosh", "product")],
    "listing": [
        ("ours", "listing"),
        ("ours", "listing of a place"),
        ("Oscar, Whoosh", "listing"),
        ("Oscar, Whoosh", "listing of a kind"),
        ("Oscar, simple", "listing"),
    ],
    "search": [("ours", "search"), ("Oscar, Whoosh", "search"), ("Oscar, simple", "search")],
}
SHOWN = re.compile(rb'[>"]\s*([^<>"]{5,200}?)\s*[<"]')


@dataclass
class Line:
    """A page of a shop: what is asked, and what came of it with some number of connections."""

    shop: str
    page: str
    pages: list[Page]
    queries: float
    load: Load = field(default_factory=Load)
    server_cpu: float = 0.0
    postgres_cpu: float = 0.0


def run(*, listings: int, seconds: float, workers: int, only: str | None = None) -> None:
    """Fill the shops, open them, and print what their pages cost: all of them, or one of ``BESIDE``."""
    open_shops = [shops.ours(listings, sys.executable), *shops.stock(listings)]
    try:
        titles = {html.escape(good.title).encode() for good in goods(listings)}
        known = {(line.shop, line.page): line for shop in open_shops for line in _looked_at(shop, titles)}
        print(f"{listings} listings, {workers} worker of 4 threads, {seconds:g} s a page in {ROUNDS} turns")
        _print_ceiling(workers, seconds)
        with _all_open(open_shops, workers) as servers:
            for connections in CONNECTIONS:
                for name, wanted in BESIDE.items():
                    if only not in {None, name}:
                        continue
                    lines = [known[key] for key in wanted if key in known]
                    _measure(lines, servers, connections, seconds)
                    _print(name, lines, connections)
    finally:
        shops.forget_stock()


def _looked_at(shop: Shop, titles: set[bytes]) -> Iterator[Line]:
    """Give the shop's pages, each with a title that it shows and the mean number of its queries.

    :raises WrongAnswer: an address does not answer, or shows none of the goods.
    """
    log = settings.DATA_DIR / "bench-shops.log"
    counted = "benchmarks.counted:application"
    with serving(counted, python=shop.python, workers=1, settings=shop.settings, log=log) as server:
        client = Client(server.port)
        for name, paths in shop.pages.items():
            pages, queries = [], 0
            for path in paths:
                answer = client.get(path)
                proof = next((text for text in SHOWN.findall(answer.body) if text in titles), None)
                if answer.status != HTTPStatus.OK or proof is None:
                    raise WrongAnswer(f"{shop.name} {path}: {answer.status}, none of the goods in it")
                pages.append(Page(path, proof))
                queries += int(answer.header(QUERIES_HEADER))
            yield Line(shop.name, name, pages, queries / len(pages))
        client.close()


@contextmanager
def _all_open(open_shops: Sequence[Shop], workers: int) -> Iterator[dict[str, Server]]:
    log = settings.DATA_DIR / "bench-shops.log"
    with ExitStack() as stack:
        yield {
            shop.name: stack.enter_context(
                serving(
                    shop.application, python=shop.python, workers=workers, settings=shop.settings, log=log
                )
            )
            for shop in open_shops
        }


def _measure(lines: Sequence[Line], servers: dict[str, Server], connections: int, seconds: float) -> None:
    """Load the pages in turn, twice around, so that what else the machine does meets all of them."""
    postgres = postgres_pid()
    for line in lines:
        line.load, line.server_cpu, line.postgres_cpu = Load(), 0.0, 0.0
        load(servers[line.shop].port, line.pages, connections=connections, seconds=WARM_SECONDS)
    for _ in range(ROUNDS):
        for line in lines:
            server = servers[line.shop]
            of_server, of_postgres = server.cpu(), cpu_of(postgres)
            line.load.add(load(server.port, line.pages, connections=connections, seconds=seconds / ROUNDS))
            line.server_cpu += server.cpu() - of_server
            line.postgres_cpu += cpu_of(postgres) - of_postgres


def _print_ceiling(workers: int, seconds: float) -> None:
    log = settings.DATA_DIR / "bench-shops.log"
    with serving("benchmarks.bare:application", workers=workers, settings={}, log=log) as server:
        pages = [Page("/", b"here")]
        reached = [
            f"{load(server.port, pages, connections=count, seconds=seconds / 2).per_second:.0f} with {count}"
            for count in CONNECTIONS
        ]
    print(f"an empty application, by the same clients: {', '.join(reached)} connections, per second")


def _print(name: str, lines: Sequence[Line], connections: int) -> None:
    print(f"\n{name}, {connections} connection{'s' if connections > 1 else ''}")
    print(
        f"{'':34}{'asked':>7}{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}{'queries':>8}"
        f"{'cpu ms':>8}{'db ms':>7}{'kB':>6}{'ratio':>7}"
    )
    first = lines[0].load.per_second if lines[0].shop == "ours" else math.nan
    for line in lines:
        count = len(line.load.times)
        print(
            f"{line.shop + ': ' + line.page:34}{count:>7}{line.load.per_second:>8.1f}"
            f"{line.load.percentile(50):>8.1f}{line.load.percentile(95):>8.1f}{line.queries:>8.1f}"
            f"{line.server_cpu * 1000 / count:>8.1f}{line.postgres_cpu * 1000 / count:>7.1f}"
            f"{line.load.sent / count / 1000:>6.0f}{first / line.load.per_second:>7.1f}"
        )
