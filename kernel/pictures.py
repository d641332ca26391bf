"""Pictures: the bytes of an upload in, the files that pages show out. Asks nothing of disk, database or network.

What comes out stands upright, in sRGB, cropped 4:3 around its middle, in AVIF and WebP and one JPEG for old
browsers, with a wider crop for share previews. It is never larger than what came in, and it carries nothing of what
the camera wrote into the file: not the place, not the hour, not the telephone.
"""

import hashlib
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from kernel.errors import DomainError
from kernel.quantity import number_in_words

# Part of every file's name: a browser keeps a file for a year, so another recipe needs other names.
RECIPE = b"1"
MOST_BYTES = 10_000_000
# A JPEG is decoded no larger than it is needed, whatever else as a whole.
MOST_POINTS, MOST_POINTS_WHOLE = 50_000_000, 20_000_000
LEAST_WIDTH = 480
# 320: thumbnails; 480: a card on a plain screen; 720: a card across a phone, two points a pixel; 960: the rest.
WIDTHS = (320, 480, 720, 960)
RATIO = (4, 3)
SHARE = (1200, 630)
FALLBACK_WIDTH = 720

READ = ("JPEG", "PNG", "WEBP", "AVIF")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# Speeds, because somebody waits; threads, because the same upload gives the same bytes on every machine.
ENCODINGS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 55, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 72, "method": 4}),
    "jpg": ("JPEG", {"quality": 78, "optimize": True, "progressive": True}),
}
SRGB = ImageCms.createProfile("sRGB")
# What Pillow raises over bytes that are not what they say; its AVIF decoder knows only RuntimeError.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, RuntimeError)


class PictureRefused(DomainError):
    """A file that pages cannot show."""


class PictureTooHeavy(PictureRefused):
    code = "picture_too_heavy"
    message = _("%(name)s weighs %(megabytes)s MB, the most is 10. Choose a lighter copy of the photo.")


class PictureUnknown(PictureRefused):
    code = "picture_unknown"
    message = _("%(name)s is not a photo that we can read. Choose a JPEG, PNG, WebP or AVIF file.")


class PictureHeic(PictureRefused):
    code = "picture_heic"
    message = _(
        "%(name)s is in Apple's format HEIC, which browsers do not show. Send it to yourself by mail, or export "
        "it, as JPEG."
    )


class PictureBroken(PictureRefused):
    code = "picture_broken"
    message = _("%(name)s is damaged, or only a part of it arrived. Choose it again, or take another photo.")


class PictureMoves(PictureRefused):
    code = "picture_moves"
    message = _("%(name)s moves. Choose a photo that stands still.")


class PictureTooSmall(PictureRefused):
    code = "picture_too_small"
    message = _(
        "%(name)s measures %(width)s × %(height)s points, at least 480 × 360 are needed. Choose the photo as the "
        "telephone took it."
    )


class PictureTooLarge(PictureRefused):
    code = "picture_too_large"
    message = _("%(name)s has too many points for us to read. Choose a smaller copy of the photo.")


@dataclass(frozen=True)
class Picture:
    """An upload made ready: what is known of it, and its files by name.

    ``width`` and ``height`` are those of the upload, upright; ``widths`` those of the 4:3 files, ascending.
    ``digest`` is the upload's SHA-256, ``stem`` how the names of its files begin.
    """

    digest: str
    stem: str
    width: int
    height: int
    widths: tuple[int, ...]
    share_width: int
    files: Mapping[str, bytes]


def make_picture(content: bytes, *, name: str) -> Picture:
    """Return the files for an upload; ``name`` is what refusals call it.

    :raises PictureRefused: the file cannot be shown; the subclass and its words say why.
    """
    if len(content) > MOST_BYTES:
        raise PictureTooHeavy(name=name, megabytes=in_megabytes(len(content)))
    try:
        image = _opened(content, name)
        width, height = _upright_size(image)
        cropped, shared = _within(width, height, RATIO), _within(width, height, SHARE)
        if cropped < LEAST_WIDTH:
            raise PictureTooSmall(name=name, width=width, height=height)
        widths = tuple(sorted({w for w in WIDTHS if w < cropped * 0.9} | {min(cropped, WIDTHS[-1])}))
        share_width = min(shared, SHARE[0])
        scale = min(1.0, max(widths[-1] / cropped, share_width / shared))
        upright = _upright(image, scale)
    except DAMAGE as trouble:
        raise PictureBroken(name=name) from trouble
    ready = _ready(upright, (math.ceil(width * scale), math.ceil(height * scale)))

    stem = hashlib.sha256(RECIPE + content).hexdigest()[:32]
    files: dict[str, bytes] = {}
    for each in widths:
        sized = _fitted(ready, each, height_of(each))
        endings = ("avif", "webp", "jpg") if each == fallback_width(widths) else ("avif", "webp")
        files |= {file_name(stem, each, ending): _encoded(sized, ending) for ending in endings}
    files[share_name(stem)] = _encoded(_fitted(ready, share_width, share_height_of(share_width)), "jpg")
    digest = hashlib.sha256(content).hexdigest()
    return Picture(digest, stem, width, height, widths, share_width, files)


def in_megabytes(size: int) -> str:
    """Return a size in bytes in words, rounded up: ``10_000_001`` is not ``10``."""
    return number_in_words(math.ceil(size / 100_000) * 100)


def height_of(width: int) -> int:
    """Return the height of a 4:3 file of that width."""
    return round(width * RATIO[1] / RATIO[0])


def share_height_of(width: int) -> int:
    """Return the height of a share preview of that width."""
    return round(width * SHARE[1] / SHARE[0])


def file_name(stem: str, width: int, ending: str) -> str:
    """Return the name of a 4:3 file: ``3f…e1-720.avif``."""
    return f"{stem}-{width}.{ending}"


def share_name(stem: str) -> str:
    """Return the name of the share preview."""
    return f"{stem}-share.jpg"


def fallback_width(widths: tuple[int, ...] | list[int]) -> int:
    """Return the width of the one JPEG among these widths."""
    return max((width for width in widths if width <= FALLBACK_WIDTH), default=widths[0])


def _opened(content: bytes, name: str) -> Image.Image:
    """Return the image with its head read and nothing of its points yet."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS and b"avif" not in content[8:64]:
        raise PictureHeic(name=name)
    try:
        image: Image.Image = Image.open(BytesIO(content), formats=READ)
    except UnidentifiedImageError:
        raise PictureBroken(name=name) if _begins_well(content) else PictureUnknown(name=name) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge(name=name) from None
    if image.width * image.height > (MOST_POINTS if image.format in {"JPEG", "MPO"} else MOST_POINTS_WHOLE):
        raise PictureTooLarge(name=name)
    # MPO: the JPEG of a telephone that keeps a second picture inside.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PictureMoves(name=name)
    return image


def _begins_well(content: bytes) -> bool:
    """Whether the first bytes are those of a format that we read."""
    kind = content[8:64]
    return (
        content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n"))
        or (content[:4] == b"RIFF" and kind.startswith(b"WEBP"))
        or (content[4:8] == b"ftyp" and b"avif" in kind)
    )


def _upright_size(image: Image.Image) -> tuple[int, int]:
    lies = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return (image.height, image.width) if lies else image.size


def _within(width: int, height: int, ratio: tuple[int, int]) -> int:
    """Return how wide the largest crop of that ratio is."""
    return min(width, height * ratio[0] // ratio[1])


def _upright(image: Image.Image, scale: float) -> Image.Image:
    """Decode the image, at least as large as ``scale`` asks, and return it upright. No copy: it may be large."""
    image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    return image


def _ready(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the image shrunk to ``size``, without transparency, in sRGB."""
    plain = _plain(image)
    shrunk = (
        plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0) if plain.width > size[0] else plain
    )
    coloured = _in_srgb(_opaque(shrunk), image.info.get("icc_profile"))
    # Encoders copy comments and profiles from here.
    coloured.info.clear()
    return coloured


def _plain(image: Image.Image) -> Image.Image:
    """Return the image in a mode that can be shrunk: RGB, RGBA, grey or CMYK."""
    if image.mode.startswith("I"):  # sixteen bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")


def _opaque(image: Image.Image) -> Image.Image:
    """Return the image on white."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # A profile that does not fit the image says nothing about its colours.
            return image.convert("RGB")
        assert converted is not None, "only a conversion in place returns nothing"
        return converted
    return image.convert("RGB")


def _fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, ending: str) -> bytes:
    encoder, options = ENCODINGS[ending]
    written = BytesIO()
    image.save(written, encoder, **options)
    return written.getvalue()
