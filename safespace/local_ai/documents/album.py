# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of a document, drawn anew. Runs in the walled child alone.

Only pixels are handed on, of a size that a screen shows: the file of a picture stays behind,
with all that cameras and programs wrote into it. A picture that cannot be drawn, or not within
the bounds below, is left out, and the document goes on.
"""

import hashlib
import io
import time
from collections.abc import Callable
from typing import Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from safespace.local_ai.documents import pixels
from safespace.local_ai.documents.bounds import MOST_SHOWN, ROOM
from safespace.local_ai.documents.found import MOST_PIXELS, Found
from safespace.local_ai.documents.pixels import COLOUR, GREY, Pixels

SECONDS: Final = 60
"""Of processor time for drawing, half of what the child has."""
_SMALLEST: Final = 24
"""Pixels of a side; what is smaller is a rule, a bullet or a spacer."""
_KINDS: Final = tuple(
    plugin.format
    for plugin in (
        BmpImagePlugin.BmpImageFile,
        GifImagePlugin.GifImageFile,
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
    )
)
"""No other decoder of the library is ever asked."""
_WHITE: Final = (255, 255, 255)


class Surplus(Exception):
    """Not worth showing: it was shown before, or is a mere ornament."""


class LeftOut(Exception):
    """It cannot be drawn, or there is no room for it."""


class Album:
    """What was drawn of one document so far."""

    def __init__(self, clock: Callable[[], float] = time.process_time) -> None:
        self._clock = clock
        self._end = clock() + SECONDS
        self._left = ROOM
        self._shown: set[bytes] = set()

    def draw(self, found: Found) -> Pixels:
        """The pixels of a picture. Raises Surplus, LeftOut."""
        if len(self._shown) >= MOST_SHOWN or self._clock() > self._end:
            raise LeftOut
        try:
            image = found.fetch()
            drawn = _drawn(_opened(image) if isinstance(image, bytes) else image)
        except Surplus:
            raise
        except Exception:  # noqa: BLE001 - decoders raise anything over what they are given
            raise LeftOut from None
        print_ = hashlib.sha256(drawn.packed).digest()
        if print_ in self._shown:
            raise Surplus
        if len(drawn.packed) > self._left:
            raise LeftOut
        self._left -= len(drawn.packed)
        self._shown.add(print_)
        return drawn


def _opened(untrusted: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # measured in _drawn, before anything is decoded
    return Image.open(io.BytesIO(untrusted), formats=_KINDS)


def _drawn(image: Image.Image) -> Pixels:
    wide, high = image.size
    if min(wide, high) < _SMALLEST:
        raise Surplus
    if wide * high > MOST_PIXELS:
        raise LeftOut
    depth = GREY if _grey(image) else COLOUR
    scale = min(1.0, (pixels.LARGEST / (wide * high * depth)) ** 0.5)
    if scale < 1:  # a JPEG comes out smaller at once
        image.draft("L" if depth == GREY else "RGB", (int(wide * scale), int(high * scale)))
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # sixteen bits of grey
        image = image.point(lambda value: value / 256)
    upright = image.convert(_mode(image))
    if scale < 1:
        scale = min(1.0, (pixels.LARGEST / (upright.width * upright.height * depth)) ** 0.5)
        size = max(1, int(upright.width * scale)), max(1, int(upright.height * scale))
        upright = upright.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if upright.mode == "RGBA":
        upright = _on_white(upright)
    file = io.BytesIO()
    upright.save(file, "PNG")
    drawn = pixels.read(file.getvalue())
    assert drawn
    return drawn


def _grey(image: Image.Image) -> bool:
    return image.mode in ("1", "L", "I", "I;16") and not image.has_transparency_data


def _mode(image: Image.Image) -> str:
    if _grey(image):
        return "L"
    return "RGBA" if image.has_transparency_data else "RGB"


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
