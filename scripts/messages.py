"""Gather the program's messages and keep the Italian translation complete.

Sources say English; ``locale/it`` says Italian. ``python scripts/messages.py`` brings new messages into the
translation file, where they wait for words; ``--check`` fails when a message has none, or when one that
nobody says any more is still translated. Nothing but Babel and Django is needed: no gettext.
"""

import argparse
import io
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
ITALIAN = ROOT / "locale" / "it" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None, "_t": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def sources() -> list[Path]:
    """Return the tracked and untracked, not ignored, Python files and templates that speak to people."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "templates/*"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    apart = ("tests/", "scripts/", "payments/sandbox/", "benchmarks/")
    return [ROOT / name for name in sorted(listed) if not name.startswith(apart) and (ROOT / name).exists()]


def gathered() -> Catalog:
    """Return every message that the sources say."""
    catalog = Catalog(locale="it", domain="django", charset="utf-8")
    for path in sources():
        text = path.read_text()
        source = text if path.suffix == ".py" else templatize(text)
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalog


def known() -> Catalog:
    with ITALIAN.open("rb") as file:
        return read_po(file, locale="it", charset="utf-8")


def keep(catalog: Catalog, born: datetime | str) -> None:
    """Write the translation file so that the same messages give the same bytes."""
    catalog.project, catalog.version = "per-il-tuo-tempo", "1"
    catalog.header_comment = "# Per il tuo tempo: what the program says, in Italian."
    catalog.creation_date = catalog.revision_date = born
    catalog.msgid_bugs_address, catalog.last_translator, catalog.language_team = "", "", "Italian"
    catalog.fuzzy = False
    with ITALIAN.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False)


def said(message: Message) -> bool:
    """Return whether a message has Italian words, all of its plural forms included."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(forms) and "fuzzy" not in message.flags


def faults() -> list[str]:
    """Return each message without Italian words, and each translation of what nobody says any more."""
    italian, english = known(), gathered()
    missing = [m.id for m in english if m.id and not ((k := italian.get(m.id, m.context)) and said(k))]
    stale = [m.id for m in italian if m.id and english.get(m.id, m.context) is None]
    return [f"no Italian: {m}" for m in missing] + [f"nobody says: {m}" for m in stale]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail when the Italian is not complete"
    )
    if parser.parse_args().check:
        found = faults()
        print("\n".join(found) or "The Italian is complete.")
        return bool(found)
    italian = known()
    born = italian.creation_date
    italian.update(gathered(), no_fuzzy_matching=True)
    italian.obsolete.clear()
    keep(italian, born)
    waiting = [m.id for m in italian if m.id and not said(m)]
    print("\n".join(f"waits for words: {m}" for m in waiting) or "The Italian is complete.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
