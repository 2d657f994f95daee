"""What is shown of a file: a small picture without metadata; whatever the bytes are, no noise."""

from __future__ import annotations

import io
import logging
import random
import struct
import sys
import warnings
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from dsv_git.diff.sampling import LARGEST
from dsv_git.scan.thumbnail import PIXELS, shown, thumbnail
from tests.conftest import SOURCE

DEMO = sorted((SOURCE / "dsv_git/demo/images").rglob("*.jpg"))
SECRET = b"somebody's camera"
RED, WHITE = (255, 0, 0), (255, 255, 255)
examples = settings(deadline=None, max_examples=100)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    assert image.mode == "RGB"
    return image


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Whether a pixel has the colour, as far as JPEG and CMYK keep it."""
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 24 for a, b in zip(pixel, colour, strict=True))


def halves(mode: str) -> Image.Image:
    """Black on the left, white on the right, 600 x 300."""
    image = Image.new("L", (600, 300), 0)
    image.paste(255, (300, 0, 600, 300))
    return image.convert(mode)


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


SAMPLES = {
    **{mode: encoded(halves(mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
    "CMYK": encoded(halves("RGB").convert("CMYK"), "JPEG"),
    "YCbCr": encoded(halves("RGB").convert("YCbCr"), "TIFF"),
    "PA": encoded(halves("RGB").convert("P").convert("PA"), "TIFF"),
    "16 bits": encoded(halves("I").point(lambda value: value * 257).convert("I;16"), "PNG"),
    "12 bits in 16": encoded(halves("I").point(lambda value: value * 16).convert("I;16"), "TIFF"),
    "32 bits": encoded(halves("I").point(lambda value: value * 65536), "TIFF"),
    "numbers": encoded(halves("F").point(lambda value: value * 0.001 - 7), "TIFF"),
    "GIF": encoded(halves("P"), "GIF"),
    "BMP": encoded(halves("RGB"), "BMP"),
    "WebP": encoded(halves("RGB"), "WEBP", lossless=True),
    "progressive": encoded(halves("RGB"), "JPEG", progressive=True),
    "LZW": encoded(halves("RGB"), "TIFF", compression="tiff_lzw"),
    "fax": encoded(halves("1"), "TIFF", compression="group4"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_of_image_is_shown(name: str) -> None:
    image = opened(thumbnail(SAMPLES[name]))
    assert image.size == (256, 128)
    assert near(image.getpixel((20, 60)), (0, 0, 0))
    assert near(image.getpixel((236, 60)), WHITE)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_bytes_give_the_same_bytes(name: str) -> None:
    assert thumbnail(SAMPLES[name]) == thumbnail(SAMPLES[name])


def test_a_small_image_is_not_enlarged() -> None:
    assert opened(thumbnail(encoded(Image.new("RGB", (9, 3)), "PNG"))).size == (9, 3)


def test_a_thin_image_keeps_a_pixel() -> None:
    assert opened(thumbnail(encoded(Image.new("L", (5000, 1)), "PNG"))).size == (256, 1)


def test_the_side_can_be_chosen() -> None:
    assert opened(thumbnail(SAMPLES["RGB"], side=64)).size == (64, 32)


def transparent(form: str) -> bytes:
    if form == "RGBA":
        return encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")
    if form == "LA":
        return encoded(Image.new("LA", (8, 8), (0, 0)), "PNG")
    if form == "WebP":
        return encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "WEBP", lossless=True)
    if form == "GIF":
        return encoded(Image.new("P", (8, 8), 0), "GIF", transparency=0)
    if form == "palette":
        return encoded(Image.new("P", (8, 8), 0), "PNG", transparency=bytes(1))
    return encoded(Image.new("RGB", (8, 8), (0, 0, 0)), "PNG", transparency=(0, 0, 0))


@pytest.mark.parametrize("form", ["RGBA", "LA", "WebP", "GIF", "palette", "key colour"])
def test_what_is_transparent_becomes_white(form: str) -> None:
    assert near(opened(thumbnail(transparent(form))).getpixel((4, 4)), WHITE)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_is_shown(form: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "lime", "blue")]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:])
    assert near(opened(thumbnail(data)).getpixel((20, 20)), RED)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        *((1, (1, 1)), (2, (-1, 1)), (3, (-1, -1)), (4, (1, -1))),
        *((5, (1, 1)), (6, (-1, 1)), (7, (-1, -1)), (8, (1, -1))),
    ],
)
def test_the_image_stands_upright(form: str, orientation: int, corner: tuple[int, int]) -> None:
    """A red corner, stored at the top left, is shown where the orientation puts it."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste(RED, (0, 0, 100, 100))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    upright = opened(thumbnail(encoded(image, form, exif=exif)))
    assert upright.size == ((128, 256) if orientation >= 5 else (256, 128))
    right, bottom = (step < 0 for step in corner)
    at = ((upright.width - 21 if right else 20), (upright.height - 21 if bottom else 20))
    assert near(upright.getpixel(at), RED)
    assert near(upright.getpixel((upright.width // 2, upright.height // 2)), WHITE)


def with_metadata(form: str) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = SECRET.decode()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 13.0)
    options: dict[str, object] = {"exif": exif, "xmp": b"<x>" + SECRET, "icc_profile": SECRET}
    if form == "JPEG":
        options["comment"] = SECRET
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET.decode())
        options["pnginfo"] = text
        del options["xmp"]
    return encoded(Image.new("RGB", (40, 40), "red"), form, **options)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_no_metadata_are_left(form: str) -> None:
    data = with_metadata(form)
    assert SECRET in data
    small = thumbnail(data)
    image = opened(small)
    assert small is not None
    assert SECRET not in small
    assert not dict(image.getexif())
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize("exif", [b"none", b"II*\0\x08\0\0\0\xff\xff" + bytes(range(200))])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_makes_no_image_unreadable(form: str, exif: bytes) -> None:
    image = Image.new("RGB", (40, 40), "red")
    data = encoded(image, form, exif=b"Exif\0\0" + exif)
    assert near(opened(thumbnail(data)).getpixel((20, 20)), RED)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_image_that_is_cut_off_is_not_shown(name: str) -> None:
    assert thumbnail(SAMPLES[name][: len(SAMPLES[name]) // 2]) is None


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 1), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_not_unpacked(size: tuple[int, int]) -> None:
    assert thumbnail(png_that_claims(*size)) is None


@pytest.mark.parametrize("limit", [50_000_000, None])
def test_what_pillow_is_told_elsewhere_lifts_no_limit(
    limit: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    image = Image.new("L", (4096, PIXELS // 4096 + 1))
    assert thumbnail(encoded(image, "PNG", compress_level=1)) is None


def test_a_lower_limit_of_the_process_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow only warns up to twice its limit."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert thumbnail(encoded(Image.new("L", (40, 40)), "PNG")) is None


def test_an_image_of_just_the_limit_is_shown() -> None:
    data = encoded(Image.new("L", (4096, PIXELS // 4096)), "PNG", compress_level=1)
    assert opened(thumbnail(data)).size == (64, 256)


@pytest.mark.parametrize(
    "data", [b"", b"II*\0", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<svg/>", bytes(99)]
)
def test_what_is_no_image_is_not_shown(data: bytes) -> None:
    assert thumbnail(data) is None


@pytest.mark.parametrize("form", ["PPM", "TGA", "ICO", "EPS"])
def test_formats_that_no_suffix_stands_for_are_not_decoded(form: str) -> None:
    assert thumbnail(encoded(Image.new("RGB", (40, 40)), form)) is None


def test_numbers_that_are_none_are_not_shown() -> None:
    assert thumbnail(encoded(Image.new("F", (8, 8), float("nan")), "TIFF")) is None


@examples
@given(st.binary(max_size=300), st.sampled_from([b"", *(data[:60] for data in SAMPLES.values())]))
def test_random_bytes_are_not_shown(data: bytes, start: bytes) -> None:
    assert thumbnail(start + data) is None


@pytest.mark.parametrize("name", SAMPLES)
def test_damage_raises_prints_and_warns_nothing(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not even libtiff, which writes to the file descriptor itself."""
    chance = random.Random(name)  # noqa: S311
    whole = encoded(opened(thumbnail(SAMPLES["RGB"], side=24)), "TIFF", compression="tiff_lzw")
    for data in (SAMPLES[name], whole):
        for _ in range(40):
            damaged = bytearray(data)
            for _ in range(chance.choice([1, 3, 30])):
                damaged[chance.randrange(min(len(damaged), 600))] = chance.randrange(256)
            small = thumbnail(bytes(damaged))
            assert small is None or max(opened(small).size) <= 256
    assert capfd.readouterr() == ("", "")


def test_the_log_of_pillow_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python prints what is logged where nobody has set up logging."""
    data = encoded(Image.new("RGB", (4, 4)), "TIFF")
    samples = struct.pack("<HHIH", ExifTags.Base.SamplesPerPixel, 3, 1, 3)
    assert samples in data
    heard = io.StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(sys, "stderr", heard)
    assert thumbnail(data.replace(samples, samples[:-2] + struct.pack("<H", 99))) is None
    assert heard.getvalue() == ""


def test_the_process_is_left_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    filters = list(warnings.filters)
    thumbnail(SAMPLES["LZW"])
    thumbnail(SAMPLES["LZW"][:-9])
    assert warnings.filters == filters
    Path("/dev/stderr").write_text("heard")
    assert capfd.readouterr().err == "heard"
    assert len(logging.getLogger("PIL").handlers) == 1


def test_the_images_of_the_demo_are_shown() -> None:
    assert DEMO
    for path in DEMO:
        data = path.read_bytes()
        found = shown(data, path.name)
        assert found is not None
        suffix, small = found
        assert suffix == ".jpg"
        assert max(opened(small).size) == min(256, max(opened(data).size))


def test_an_image_is_shown_small_whatever_its_suffix() -> None:
    assert shown(SAMPLES["16 bits"], "a/b.TIF") == (".jpg", thumbnail(SAMPLES["16 bits"]))


@pytest.mark.parametrize("path", ["a/b.MP3", "b.wav", "c.webm"])
def test_audio_and_video_are_shown_as_they_are(path: str) -> None:
    assert shown(b"sound", path) == (f".{path.split('.')[1].lower()}", b"sound")


def test_a_long_clip_is_not_shown() -> None:
    assert shown(bytes(LARGEST["video"]), "a.mp4") is not None
    assert shown(bytes(LARGEST["video"] + 1), "a.mp4") is None


@pytest.mark.parametrize(
    ("data", "path"), [(b"", "a.mp4"), (b"no image", "a.jpg"), (SAMPLES["RGB"], "a.csv")]
)
def test_what_cannot_be_shown_is_nothing(data: bytes, path: str) -> None:
    assert shown(data, path) is None
