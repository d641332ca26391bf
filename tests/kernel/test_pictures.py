"""Whatever a telephone sends: upright, light, without a trace of where it was taken; or refused in words."""

import struct
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, features

from kernel.pictures import (
    MOST_BYTES,
    PictureBroken,
    PictureHeic,
    PictureMoves,
    PictureRefused,
    PictureTooHeavy,
    PictureTooLarge,
    PictureTooSmall,
    PictureUnknown,
    make_picture,
)
from tests.photos import BLUE, RED, a_photo, an_image, opened, saved, two_halves

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def near(seen: Any, meant: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(seen, meant, strict=True))


def made(content: bytes) -> dict[str, Image.Image]:
    """The files by the end of their names, opened."""
    picture = make_picture(content, name="foto")
    return {name.removeprefix(f"{picture.stem}-"): opened(file) for name, file in picture.files.items()}


def test_pillow_here_knows_the_modern_formats() -> None:
    assert features.check("avif")
    assert features.check("webp")
    assert features.check("littlecms2")


def test_a_photo_becomes_its_files_in_every_width_4_to_3_and_one_for_sharing() -> None:
    files = made(saved(an_image(4032, 3024)))

    assert {name: (file.format, file.size) for name, file in files.items()} == {
        **{
            f"{width}.{ending}": (ending.upper(), (width, width * 3 // 4))
            for width in (320, 480, 720, 960)
            for ending in ("avif", "webp")
        },
        "720.jpg": ("JPEG", (720, 540)),
        "share.jpg": ("JPEG", (1200, 630)),
    }


def test_what_is_wider_or_taller_is_cropped_around_its_middle() -> None:
    wide = an_image(2000, 600, colour=RED)
    wide.paste(BLUE, (600, 0, 1400, 600))
    tall = an_image(600, 2000, colour=RED)
    tall.paste(BLUE, (0, 775, 600, 1225))

    for image, width in ((wide, 800), (tall, 600)):
        cropped = made(saved(image))[f"{width}.webp"]
        assert cropped.size == (width, width * 3 // 4)
        for corner in ((3, 3), (width - 4, width * 3 // 4 - 4)):
            assert near(cropped.convert("RGB").getpixel(corner), BLUE, by=25)


def test_nothing_is_made_larger_than_it_came() -> None:
    picture = make_picture(saved(an_image(600, 450)), name="foto")

    assert picture.widths == (320, 480, 600)
    assert picture.share_width == 600
    assert max(opened(file).width for file in picture.files.values()) == 600


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_taken_with_the_telephone_turned_stands_upright(orientation: int, format: str) -> None:
    turns = {
        1: None,
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    seen = two_halves(1000, 800)
    turn = turns[orientation]
    stored = seen if turn is None else seen.transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    picture = make_picture(saved(stored, format, exif=exif), name="foto")

    assert (picture.width, picture.height) == (1000, 800)
    upright = opened(picture.files[f"{picture.stem}-320.webp"]).convert("RGB")
    assert near(upright.getpixel((160, 40)), RED, by=25)
    assert near(upright.getpixel((160, 200)), BLUE, by=25)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_where_when_and_with_what_it_was_taken_stays_with_who_took_it(format: str) -> None:
    exif = Image.Exif()
    exif[MAKE] = "Telefonino di Anna"
    exif.get_ifd(GPS).update({1: "N", 2: (45.0, 21.0, 44.0), 3: "E", 4: (9.0, 41.0, 0.0)})
    xmp = b"<x:xmpmeta>Telefonino di Anna</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"comment": b"Telefonino di Anna"} if format == "JPEG" else {}
    if format != "PNG":
        more["xmp"] = xmp
    upload = saved(an_image(), format, exif=exif, icc_profile=profile, **more)
    assert b"Telefonino di Anna" in upload
    assert GPS in opened(upload).getexif()

    picture = make_picture(upload, name="foto")

    for content in picture.files.values():
        file = opened(content)
        assert b"Telefonino" not in content
        assert not file.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(file.info)


def test_colours_of_another_profile_are_those_people_see() -> None:
    """A profile in which red and blue have changed places: what it calls red, people see blue."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
    upload = an_image(colour=RED)

    same, other = (made(saved(upload, "PNG", icc_profile=profile)) for profile in (srgb, swapped))

    assert near(same["320.webp"].convert("RGB").getpixel((9, 9)), RED, by=8)
    assert near(other["320.webp"].convert("RGB").getpixel((9, 9)), BLUE, by=8)


def test_a_profile_that_does_not_fit_is_left_out() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    for profile in (srgb, b"no profile"):
        seen = made(saved(an_image(mode="L", colour=120), "PNG", icc_profile=profile))["320.webp"]
        assert near(seen.convert("RGB").getpixel((9, 9)), (120, 120, 120), by=3)


def test_print_colours_become_screen_colours() -> None:
    cyan = made(saved(an_image(mode="CMYK", colour=(255, 0, 0, 0))))["480.webp"].convert("RGB")

    assert near(cyan.getpixel((9, 9)), (0, 255, 255), by=90)


@pytest.mark.parametrize(
    "image",
    [
        an_image(mode="RGBA", colour=(0, 0, 0, 0)),
        an_image(mode="LA", colour=(0, 0)),
        an_image(mode="RGBA", colour=(0, 0, 0, 0)).quantize(8),
    ],
    ids=["colours", "greys", "palette"],
)
def test_what_was_transparent_is_white(image: Image.Image) -> None:
    seen = made(saved(image, "PNG"))["320.webp"].convert("RGB")

    assert near(seen.getpixel((9, 9)), (255, 255, 255), by=2)


@pytest.mark.parametrize(
    ("image", "grey"),
    [
        (an_image(mode="L", colour=90), 90),
        (an_image(mode="1", colour=1), 255),
        (an_image(mode="I;16", colour=90 * 256), 90),
    ],
    ids=["eight bits", "one bit", "sixteen bits"],
)
def test_greys_stay_the_greys_they_were(image: Image.Image, grey: int) -> None:
    seen = made(saved(image, "PNG"))["320.webp"].convert("RGB")

    assert near(seen.getpixel((9, 9)), (grey, grey, grey), by=3)


def test_the_second_picture_that_some_telephones_hide_in_a_jpeg_is_left_out() -> None:
    upload = saved(an_image(colour=RED), "MPO", save_all=True, append_images=[an_image(colour=BLUE)])
    assert opened(upload).format == "MPO"

    seen = made(upload)["320.webp"].convert("RGB")

    assert near(seen.getpixel((9, 9)), RED, by=25)


def test_the_same_upload_gives_the_same_names_and_bytes_and_another_gives_others() -> None:
    once, again, other = (make_picture(a_photo(number), name="foto") for number in (1, 1, 2))

    assert once == again
    assert not set(once.files) & set(other.files)


@pytest.mark.parametrize("language", ["it", "en"])
def test_too_heavy_is_said_with_the_weight(language: str) -> None:
    from django.utils.translation import override

    with override(language), pytest.raises(PictureTooHeavy) as refused:
        make_picture(b"\xff" * (MOST_BYTES + 1), name="isee.pdf")
    with override(language):
        words = str(refused.value)

    assert "isee.pdf" in words
    assert ("10,1 MB" if language == "it" else "10.1 MB") in words


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 not a photo at all",
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        saved(an_image(), "GIF"),
    ],
    ids=["pdf", "empty", "svg", "gif"],
)
def test_what_is_no_photo_is_refused_whatever_its_name_says(content: bytes) -> None:
    with pytest.raises(PictureUnknown):
        make_picture(content, name="foto.jpg")


def test_a_photo_is_a_photo_whatever_its_name_says() -> None:
    assert make_picture(saved(an_image(), "PNG"), name="foto.pdf").widths


def test_heic_is_called_by_its_name() -> None:
    with pytest.raises(PictureHeic, match="heic"):
        make_picture(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 400, name="IMG_1.heic")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_file_that_arrived_in_part_is_refused(format: str) -> None:
    noise = Image.effect_noise((640, 480), 60).convert("RGB")
    whole = saved(noise, format)
    assert make_picture(whole, name="foto").widths

    with pytest.raises(PictureBroken):
        make_picture(whole[: len(whole) * 2 // 3], name="foto")


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_what_moves_is_refused(format: str) -> None:
    frames = saved(an_image(colour=RED), format, save_all=True, append_images=[an_image(colour=BLUE)])

    with pytest.raises(PictureMoves):
        make_picture(frames, name="ballo")


@pytest.mark.parametrize("size", [(1, 1), (479, 400), (2000, 300)])
def test_what_would_be_blurred_is_refused_with_its_measures(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooSmall) as refused:
        make_picture(saved(an_image(*size)), name="icona.jpg")

    assert f"{size[0]} × {size[1]}" in str(refused.value)


@pytest.mark.parametrize(("width", "height"), [(5000, 4001), (20_000, 20_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_what_its_head_says(width: int, height: int) -> None:
    """A few hundred bytes that would unpack into gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )

    with pytest.raises(PictureTooLarge):
        make_picture(bomb, name="bomba.png")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    format=st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]),
    spoilt=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20),
    cut=st.floats(0.05, 1),
)
@example(format="AVIF", spoilt=[(0.25, 1)], cut=1.0)  # of an item without a picture Pillow says RuntimeError
@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of odd metadata
def test_whatever_the_bytes_it_is_a_picture_or_a_refusal(
    format: str, spoilt: list[tuple[float, int]], cut: float
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    content = bytearray(saved(two_halves(520, 400), format, exif=exif))
    for place, value in spoilt:
        content[int(place * (len(content) - 1))] = value

    try:
        picture = make_picture(bytes(content[: int(len(content) * cut)]), name="foto")
    except PictureRefused:
        return

    assert all(picture.files.values())
