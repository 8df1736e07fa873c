# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lucide's line icons, tinted with a role of the theme."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from safespace import paths
from safespace.ui.kit.theme import theme

_SIZE: Final = 18
_GAP: Final = 6
"""Between an icon and its word: styled buttons know no distance, so the picture is wider."""


def size() -> int:
    """The width and height of an icon, in pixels; it grows with the text."""
    return theme().scaled(_SIZE)


def icon(name: str, tone: str = "text", *, beside_word: bool = False) -> QIcon:
    """The icon `name` of assets/icons in the colour of `tone`; paler where disabled."""
    made = QIcon()
    tones = theme().tones
    for colour, mode in (
        (getattr(tones, tone), QIcon.Mode.Normal),
        (tones.edge, QIcon.Mode.Disabled),
    ):
        for ratio in (1, 2, 3):
            made.addPixmap(_pixmap(name, colour, size(), _GAP if beside_word else 0, ratio), mode)
    return made


def set_icon(widget: QAbstractButton | QLabel, name: str, tone: str = "text") -> None:
    """Give `widget` an icon that stays right when the theme changes."""
    widget.setProperty("icon_name", name)
    widget.setProperty("icon_tone", tone)
    _tint(widget)


def tint_all() -> None:
    """Paint every icon in the colours of the theme now worn."""
    for widget in QApplication.allWidgets():
        if isinstance(widget, QAbstractButton | QLabel) and widget.property("icon_name"):
            _tint(widget)


def _tint(widget: QAbstractButton | QLabel) -> None:
    beside_word = isinstance(widget, QAbstractButton) and bool(widget.text())
    name, tone = widget.property("icon_name"), widget.property("icon_tone")
    made = icon(name, tone, beside_word=beside_word)
    if isinstance(widget, QLabel):
        widget.setPixmap(made.pixmap(QSize(size(), size()), widget.devicePixelRatioF()))
    else:
        widget.setIcon(made)
        widget.setIconSize(QSize(size() + (_GAP if beside_word else 0), size()))


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, size: int, gap: int, ratio: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # the first icon needs it, the first import does not

    drawing = (paths.assets() / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(drawing.replace(b"currentColor", colour.encode())))
    pixmap = QPixmap(QSize(size + gap, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
