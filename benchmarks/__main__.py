"""Run the benchmarks on a migrated database of their own: ``make bench``, or ``ARGS=verify`` for one of them."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from benchmarks import database, transfers, verify  # noqa: E402  Django comes first

# Verification first: what is written by hand for the comparison is no book that balances.
BENCHMARKS = {"verify": verify.run, "transfers": transfers.run}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    with database.fresh():
        for name in chosen:
            print(f"\n== {name}")
            BENCHMARKS[name]()


if __name__ == "__main__":
    main()
