"""The shops that are measured, filled with the same goods: ours, and a stock Oscar with two kinds of search."""

import hashlib
import os
import random
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks import database
from benchmarks.catalogue import fill
from benchmarks.goods import SEED, Good, goods, kinds
from catalogue.models import Listing
from marketplace.embedded.places import ROOT
from territory.models import Municipality

STOCK = ROOT / "benchmarks" / "stock_oscar"
STOCK_PYTHON = str(ROOT / ".venv" / "stock-oscar" / "bin" / "python")
STOCK_DATABASE = "bench_oscar"
PRODUCTS, MUNICIPALITIES, SHEETS = 200, 12, 20
WORDS = (
    "camicie",
    "stiro",
    "compiti",
    "vetri",
    "trasloco",
    "farmacia",
    "inglese",
    "spesa",
    "sera",
    "lenzuola",
)


@dataclass(frozen=True)
class Shop:
    """A shop with what is asked of it: addresses by the name of the page."""

    name: str
    python: str
    application: str
    settings: Mapping[str, str]
    pages: Mapping[str, list[str]]


def sample(count: int) -> list[Good]:
    """Return the goods whose pages are asked for, the same of every shop."""
    on_sale = list(goods(count))
    return random.Random(SEED).sample(on_sale, min(PRODUCTS, count))  # noqa: S311  the same every time


def ours(count: int, python: str) -> Shop:
    """Fill our database and return our shop."""
    fill(count, now=timezone.now())
    _tidy()
    environment = {
        "ENVIRONMENT": "development",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATABASE_URL": database.url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "LOG_LEVEL": "ERROR",
        "CACHE_URL": "locmemcache://",
    }
    _run([python, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], environment)
    at = f"/{Municipality.objects.values_list('district__slug', flat=True)[0]}"
    places = Municipality.objects.order_by("istat_code").values_list("slug", flat=True)[:MUNICIPALITIES]
    sheets = range(1, min(SHEETS, count // 20) // len(kinds()) + 1)
    addresses = [f"{at}/servizi/{kind.slug}/" for kind in kinds()]
    products = [f"{at}/annuncio/{good.slug}/" for good in sample(count)]
    pages = {
        "product": products,
        # A parameter that the shop does not know: such a page is never kept.
        "product, afresh": [f"{address}?afresh" for address in products],
        "listing": [f"{address}?pagina={sheet}" for address in addresses for sheet in sheets],
        "listing of a place": [f"{address}?comune={place}" for place in places for address in addresses],
        "search": [f"{at}/cerca/?q={word}" for word in WORDS],
    }
    if Listing.objects.count() != count:
        raise AssertionError("our shop does not sell what the other one sells")
    return Shop("ours", python, "marketplace.wsgi:application", environment, pages)


def stock(count: int) -> list[Shop]:
    """Fill the stock Oscar's database and return the two shops that stand on it: by Whoosh, and by "simple"."""
    address = _empty_database()
    folder = settings.DATA_DIR / "stock-oscar" / _digest(count)
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.stock_oscar.settings",
        "DATABASE_URL": address,
        "DATA_DIR": str(folder),
        "SEARCH": "whoosh",
    }
    _run([STOCK_PYTHON, "-W", "ignore", "-m", "benchmarks.stock_oscar.fill", str(count)], environment)
    with psycopg.connect(address, autocommit=True) as client:
        client.execute("VACUUM ANALYZE")
        numbers: dict[str, int] = dict(client.execute("SELECT slug, id FROM catalogue_product").fetchall())
        categories = client.execute("SELECT slug, id FROM catalogue_category ORDER BY path").fetchall()
    if len(numbers) != count:
        raise AssertionError("the stock shop does not sell what ours sells")
    sheets = range(1, min(SHEETS, count // 20) + 1)
    by_whoosh = {
        "product": [f"/catalogue/{good.slug}_{numbers[good.slug]}/" for good in sample(count)],
        "listing": [f"/catalogue/?page={sheet}" for sheet in sheets],
        "listing of a kind": [f"/catalogue/category/{slug}_{number}/" for slug, number in categories],
        "search": [f"/search/?q={word}" for word in WORDS],
    }
    # Stock Oscar's "simple" search shows an empty catalogue unless a word is looked for: its backend keeps the
    # last word of a query alone, and without one that is a filter's.
    by_simple = {
        "listing": [f"/catalogue/?q={word}" for word in WORDS],
        "search": [f"/search/?q={word}" for word in WORDS],
    }
    application = "benchmarks.stock_oscar.wsgi:application"
    return [
        Shop("Oscar, Whoosh", STOCK_PYTHON, application, environment, by_whoosh),
        Shop("Oscar, simple", STOCK_PYTHON, application, environment | {"SEARCH": "simple"}, by_simple),
    ]


def forget_stock() -> None:
    """Drop the stock shop's database; its search index stays for the next time."""
    with psycopg.connect(database.server_url(), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {STOCK_DATABASE} WITH (FORCE)")


def _empty_database() -> str:
    forget_stock()
    with psycopg.connect(database.server_url(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {STOCK_DATABASE}")
    return database.url(STOCK_DATABASE)


def _digest(count: int) -> str:
    """Return what a search index is made of, in short: another index is another folder."""
    made_of = [STOCK / name for name in ("fill.py", "settings.py", "requirements.lock")]
    made_of += [
        STOCK.parent / "goods.py",
        *sorted((ROOT / "marketplace" / "demo" / "content").rglob("*.toml")),
    ]
    content = b"".join(path.read_bytes() for path in made_of)
    return f"{count}-{hashlib.sha256(content).hexdigest()[:12]}"


def _tidy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)  # noqa: S603  our own words
