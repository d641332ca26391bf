"""Run the benchmarks, each on a migrated database of its own: ``make bench``, or ``ARGS=verify`` for one of them."""

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from benchmarks import database, pages, search, transfers, verify  # noqa: E402  Django comes first

BENCHMARKS = ("verify", "transfers", "search", "pages")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all of them"
    )
    parser.add_argument("--listings", type=int, default=10_000, help="how many goods the shops sell")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each page is asked for")
    parser.add_argument("--workers", type=int, default=1, help="how many processes serve each shop")
    parser.add_argument("--only", choices=pages.BESIDE, help="of the pages, this one")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    for name in asked.names or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        with database.fresh():
            match name:
                case "verify":
                    verify.run()
                case "transfers":
                    transfers.run()
                case "search":
                    search.run(listings=asked.listings)
                case "pages":
                    pages.run(
                        listings=asked.listings,
                        seconds=asked.seconds,
                        workers=asked.workers,
                        only=asked.only,
                    )


if __name__ == "__main__":
    main()
