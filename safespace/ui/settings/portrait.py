# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small picture of a space: made from a file's pixels alone, shown round.

Nothing else of the file is kept: no name, no place, no text that cameras write into it.
"""

import zlib
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap

from safespace.local_ai.documents import pixels
from safespace.local_ai.documents.pixels import COLOUR, Pixels
from safespace.session.drawing import no_picture
from safespace.ui.kit.theme import theme

SIDE: Final = 96
"""Pixels. So small, every picture stays below what a header takes, noise too."""
_LETTER: Final = 0.45


def small(drawn: bytes) -> bytes:
    """The middle of a PNG of ours, as a square one of `SIDE`. Raises Usage."""
    image = _image(drawn)
    if image is None:
        raise no_picture()
    return _png(_square(image))


def pixmap(picture: bytes, side: int, ratio: float, *, gap: int = 0) -> QPixmap:
    """A kept picture, round, `side` pixels wide; empty for one that cannot be drawn.

    `gap`: so much room after it, since a styled button keeps no distance to its word.
    """
    image = _image(picture)
    if image is None or max(image.width(), image.height()) > SIDE:
        return QPixmap()
    return _round(side, gap, ratio, lambda painter, place: painter.drawImage(place, image))


def initial(name: str, side: int, ratio: float, *, gap: int = 0) -> QPixmap:
    """What stands for a space without a picture: the first letter of its name."""
    tones = theme().tones

    def draw(painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, QColor(tones.side))
        painter.setPen(QColor(tones.quiet))
        font = theme().font("label")
        font.setPixelSize(round(place.height() * _LETTER))
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name[:1].upper())

    return _round(side, gap, ratio, draw)


def _round(
    side: int, gap: int, ratio: float, draw: Callable[[QPainter, QRectF], object]
) -> QPixmap:
    wide = round(theme().scaled(side) * ratio)
    place = QRectF(0, 0, wide, wide)
    made = QPixmap(wide + round(gap * ratio), wide)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    edge = QPainterPath()
    edge.addEllipse(place)
    painter.setClipPath(edge)
    draw(painter, place)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def _image(untrusted: bytes) -> QImage | None:
    """A PNG whose rows are as it says: no reader of Qt's is given anything else."""
    found = pixels.read(untrusted)
    if found is None:
        return None
    return QImage.fromData(pixels.png(found), "PNG")  # type: ignore[arg-type]  # wants a word


def _square(image: QImage) -> QImage:
    """Painted onto a fresh image, so that nothing but pixels comes along."""
    shape, smooth = Qt.AspectRatioMode, Qt.TransformationMode.SmoothTransformation
    image = image.scaled(QSize(SIDE, SIDE), shape.KeepAspectRatioByExpanding, smooth)
    left, top = (image.width() - SIDE) // 2, (image.height() - SIDE) // 2
    made = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    made.fill(Qt.GlobalColor.white)
    painter = QPainter(made)
    painter.drawImage(-left, -top, image)
    painter.end()
    return made


def _png(image: QImage) -> bytes:
    wide, stride, data = image.width() * COLOUR, image.bytesPerLine(), bytes(image.constBits())
    rows = (data[at * stride : at * stride + wide] for at in range(image.height()))
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return pixels.png(Pixels(image.width(), image.height(), COLOUR, packed))
