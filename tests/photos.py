"""Uploads as telephones, scanners and jokers make them."""

from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

from kernel.pictures import Picture, make_picture

RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 200, 30)


def an_image(width: int = 1200, height: int = 900, *, mode: str = "RGB", colour: Any = GREEN) -> Image.Image:
    return Image.new(mode, (width, height), colour)


def two_halves(width: int, height: int) -> Image.Image:
    """Red above, blue below: what is up can be told."""
    image = an_image(width, height, colour=RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image


def saved(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, format, **options)
    return written.getvalue()


def a_photo(number: int = 0) -> bytes:
    """A small JPEG; each number another."""
    return saved(an_image(colour=(number * 7 % 256, 90, 120)))


@cache
def a_picture(number: int = 0) -> Picture:
    return make_picture(a_photo(number), name="foto.jpg")


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))
