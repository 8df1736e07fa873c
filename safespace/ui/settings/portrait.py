# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small picture of a space: made from a file's pixels alone, shown round.

Nothing else of the file is kept: no name, no place, no text that cameras write into it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageReader,
    QImageWriter,
    QPainter,
    QPainterPath,
    QPixmap,
)

from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.ui.kit.theme import theme

SIDE: Final = 96
"""Pixels. So small, every picture stays below what a header takes, noise too."""
LARGEST_FILE: Final = 20 << 20
LARGEST_SIDE: Final = 12_000
_LETTER: Final = 0.45
_KINDS: Final = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def small(file: Path) -> bytes:
    """The middle of a PNG or JPEG as a square PNG of `SIDE`. Raises Usage, StorageError."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError:
        raise StorageError(_("The picture cannot be read."), _("Choose another.")) from None
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None or len(data) > LARGEST_FILE:
        raise _no_picture()
    return _png(_square(_decoded(data, kind, LARGEST_SIDE)))


def pixmap(picture: bytes, side: int, ratio: float, *, gap: int = 0) -> QPixmap:
    """A kept picture, round, `side` pixels wide; empty for one that cannot be drawn.

    `gap`: so much room after it, since a styled button keeps no distance to its word.
    """
    if not picture:
        return QPixmap()
    try:
        image = _decoded(picture, "png", SIDE)
    except Usage:
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


def _decoded(data: bytes, kind: str, largest: int) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > largest:
        raise _no_picture()
    if min(size.width(), size.height()) > 4 * SIDE:  # decoded smaller: less memory, same picture
        wanted = QSize(4 * SIDE, 4 * SIDE)
        reader.setScaledSize(size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        raise _no_picture()
    return image


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
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _no_picture() -> Usage:
    return Usage(
        _("That is no picture that can be shown here."), _("Choose a PNG or JPEG of up to 20 MB.")
    )
