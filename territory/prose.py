"""Prose as officers write it: paragraphs with an empty line between them, headings that begin with ``## ``."""

import re
from dataclasses import dataclass

HEADING = "## "


@dataclass(frozen=True)
class Paragraph:
    words: str
    is_heading: bool = False


def paragraphs(prose: str) -> list[Paragraph]:
    """Return the paragraphs of a text in their order."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", prose.replace("\r\n", "\n")))
    return [Paragraph(part.removeprefix(HEADING).strip(), part.startswith(HEADING)) for part in parts if part]
