"""What of a file is shown to others: a small picture without metadata, or a short clip.

The only module that knows Pillow. The data are untrusted: whatever is in them, nothing is raised
and nothing printed.
"""

from __future__ import annotations

import io
import logging
import math
import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

from dsv_git.diff.sampling import LARGEST, kind_of

if TYPE_CHECKING:
    from PIL import Image

FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
"""What is decoded, whatever the file's name says. Of Pillow's others some are programs (EPS)."""

PIXELS: Final = 2**26
"""An image of more pixels is not read: unpacked, with alpha, it needs eight bytes for each."""

QUALITY: Final = 85

Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels."""

_TIFF_STARTS: Final = (b"II", b"MM")
_ORIENTATION: Final = 0x0112
_alone = threading.Lock()
_nowhere = logging.NullHandler()


def shown(data: bytes, path: str) -> tuple[str, bytes] | None:
    """The suffix and the bytes under which the file `path` with the content `data` is shown.

    An image becomes a thumbnail (`.jpg`). Audio and video stay as they are, with all their
    metadata, up to `LARGEST` bytes. None: the file is of no kind that can be shown, not readable
    or too large.
    """
    kind = kind_of(path)
    if kind is None or not 0 < len(data) <= LARGEST[kind]:
        return None
    if kind == "image":
        small = thumbnail(data)
        return None if small is None else (".jpg", small)
    return path[path.rindex(".") :].lower(), data


def thumbnail(data: bytes, *, side: int = 256, boxes: Sequence[Box] = ()) -> bytes | None:
    """The image in `data` as a JPEG (RGB, quality 85) of at most `side` x `side` pixels.

    The first frame, turned upright as its EXIF or XMP says, on white where it is transparent, never
    enlarged, without any metadata. Grey values of more than 8 bits are stretched from the darkest
    to the lightest: a 12-bit picture in 16 bits would be black. `boxes` are drawn on it; they are
    in pixels of the image as it is stored, before it is turned. The same data give the same bytes
    (with one release of Pillow). None: no readable image of `FORMATS`, cut off, of more than
    `PIXELS` pixels, or in a colour space that has no way to RGB (LAB).

    One thumbnail at a time: what keeps Pillow and libtiff quiet is common to the whole process.
    """
    from PIL import Image

    with _alone, _quiet(libtiff=data.startswith(_TIFF_STARTS)):
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > PIXELS:
                    return None
                whole = image.size
                white = _on_white(_small(image, side))
                _draw(white, whole, boxes)
                upright = _upright(white, _orientation(image))
            return _jpeg(upright)
        except Exception:  # a decoder may raise anything: each means that this is no image
            return None


def _small(image: Image.Image, side: int) -> Image.Image:
    """The image in L, RGB, CMYK or RGBA, no side longer than `side`."""
    deep = image.mode == "F" or image.mode.startswith("I")
    if deep:
        mode = "F"
    elif image.has_transparency_data:
        mode = "RGBA"
    else:
        mode = image.mode if image.mode in ("L", "CMYK") else "RGB"
    # convert() copies even to the same mode.
    small = image if image.mode == mode else image.convert(mode)
    # Of a JPEG nothing is decoded yet: thumbnail() lets libjpeg do most of the scaling (draft).
    small.thumbnail((side, side))
    return _stretched(small) if deep else small


def _stretched(image: Image.Image) -> Image.Image:
    """Mode F as L, the lowest value black, the highest white."""
    low, high = cast("tuple[float, float]", image.getextrema())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("no number can be shown for these pixels")
    scale = 255 / ((high - low) or 1.0)
    return image.point(lambda value: value * scale - low * scale).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    """A fresh RGB image of the same pixels: Pillow would write an old one's comment again."""
    from PIL import Image

    white = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        white.paste(image, mask=image.getchannel("A"))
    else:
        white.paste(image.convert("RGB"))
    return white


def _draw(image: Image.Image, whole: tuple[int, int], boxes: Sequence[Box]) -> None:
    """Draws boxes, given in pixels of the `whole` image, dark around light: seen on any ground."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    across, down = image.width / whole[0], image.height / whole[1]
    for left, top, width, height in boxes:
        x, y = left * across, top * down
        edges = (x, y, max(x, x + width * across), max(y, y + height * down))
        pen.rectangle(edges, outline="black", width=4)
        pen.rectangle(edges, outline="#ffd400", width=2)


def _orientation(image: Image.Image) -> int:
    """The orientation of EXIF or XMP, 1 to 8; of a TIFF always 1, for Pillow has turned it."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken EXIF makes no image unreadable
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    from PIL import ImageOps

    image.getexif()[_ORIENTATION] = orientation
    return ImageOps.exif_transpose(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@contextmanager
def _quiet(*, libtiff: bool) -> Iterator[None]:
    """No warning of Pillow, no line of its log, and nothing that libtiff itself writes."""
    logging.getLogger("PIL").addHandler(_nowhere)  # else logging prints what no one handles
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not libtiff:
            yield
            return
        with _closed_stderr():
            yield


@contextmanager
def _closed_stderr() -> Iterator[None]:
    """libtiff prints its errors on file descriptor 2, and Pillow has no way to tell it not to."""
    try:
        stderr = os.dup(2)
    except OSError:  # nobody listens there anyway
        yield
        return
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 2)
        os.close(nothing)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
