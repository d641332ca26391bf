"""Whether a page speaks one language: none of our Italian on an English page, none of our English on an Italian one."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import allauth
import django
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUES = [
    ROOT / "locale/it/LC_MESSAGES/django.po",
    ROOT / "locale/allauth/it/LC_MESSAGES/django.po",
    Path(allauth.__file__).parent / "locale/it/LC_MESSAGES/django.po",
    Path(django.__file__).parent / "conf/locale/it/LC_MESSAGES/django.po",
    Path(django.__file__).parent / "contrib/auth/locale/it/LC_MESSAGES/django.po",
]
# What stands between the fixed words of a message: values and markup.
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|\n")
ALONE = 12  # letters: a shorter piece is too common to be looked for inside other text


def foreign_words(texts: list[str], language: str) -> list[str]:
    """Return the messages among a page's texts that are in the other language than the page."""
    whole, pieces = _foreign(language)
    said = {_plain(text) for text in texts}
    together = "\n".join(said)
    return sorted({text for text in said if text in whole} | {piece for piece in pieces if piece in together})


@cache
def _foreign(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the messages of the other language: those to be met whole, and those told by their longest piece."""
    pairs = [pair for catalogue in CATALOGUES for pair in _pairs(catalogue)]
    own = {_plain(english if language == "en" else italian) for english, italian in pairs}
    other = {_plain(italian if language == "en" else english) for english, italian in pairs}
    apart = {text for text in other - own if text}
    longest = {max(map(_plain, HOLES.split(text)), key=len) for text in apart}
    ours = "\n".join(own)
    return frozenset(apart), frozenset(
        piece for piece in longest if len(piece) >= ALONE and piece not in ours
    )


def _pairs(catalogue: Path) -> Iterator[tuple[str, str]]:
    with catalogue.open("rb") as file:
        for message in read_po(file, locale="it", charset="utf-8"):
            if message.id:
                yield from zip(_forms(message.id), _forms(message.string), strict=False)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text or ""]


def _plain(text: str) -> str:
    return " ".join(text.replace("%%", "%").split())
