# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of a document, small and in a row; one of them large, on a sheet of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QWidget

from safespace.domain import Picture
from safespace.errors import SafeSpaceError
from safespace.i18n import _
from safespace.session.documents import Documents, named
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.choose_file import choose_folder
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import FORM_WIDTH, theme

SMALL: Final = 72
"""Pixels of a side, at most, beside text."""
MIDDLE: Final = 240
"""Where there is no text beside it."""
_LARGE: Final = 400
_BESIDE, _BELOW, _BAR = 44, 36, 16
"""Room around a small picture, for its name, and for a scroll bar."""
_SHOWN: Final = 48
"""Characters below a small picture."""


def _image(png: bytes) -> QImage:
    """A PNG of our own making. Any thread."""
    return QImage.fromData(png, "PNG")  # type: ignore[arg-type]  # Qt wants a word, its stubs bytes


def _smaller(image: QImage, side: int) -> QImage:
    if max(image.width(), image.height()) <= side:
        return image
    shape, smooth = Qt.AspectRatioMode, Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, shape.KeepAspectRatio, smooth)


class PictureStrip(QListWidget):
    """`show_pictures` fills it; one that is pressed is shown large. Without any it is not there."""

    def __init__(self, owner: QWidget, documents: Documents, ops: Ops) -> None:
        super().__init__()
        self._owner = owner
        self._documents = documents
        self._ops = ops
        self._title = ""
        self.setAccessibleName(_("Pictures in the document"))
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListWidget.Movement.Static)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(self._open)
        self.itemClicked.connect(self._open)
        self._opened: PictureSheet | None = None
        self.hide()

    def show_pictures(self, title: str, pictures: Sequence[Picture], wide: int) -> None:
        """Show those of the document of this title, `wide` pixels each at most."""
        self._title = title
        self.setIconSize(QSize(theme().scaled(wide), theme().scaled(wide)))
        self.setFixedHeight(theme().scaled(wide + _BELOW + _BAR))
        self.clear()
        self.setVisible(bool(pictures))
        side = round(theme().scaled(wide) * self.devicePixelRatioF())
        empty = QPixmap(self.iconSize())
        empty.fill(Qt.GlobalColor.transparent)
        for picture in pictures:
            name = named(picture)
            item = QListWidgetItem(QIcon(empty), name[:_SHOWN])
            item.setData(Qt.ItemDataRole.UserRole, picture)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            item.setSizeHint(QSize(theme().scaled(wide + _BESIDE), theme().scaled(wide + _BELOW)))
            self.addItem(item)
            self._ops.run(self, self._look(picture.id, side), self._draw(picture.id), aside=True)

    def _look(self, picture: int, side: int) -> Callable[[], QImage]:
        return lambda: _smaller(_image(self._documents.picture(picture)), side)

    def _draw(self, picture: int) -> Callable[[QImage], None]:
        def draw(image: QImage) -> None:
            image.setDevicePixelRatio(self.devicePixelRatioF())
            for place in range(self.count()):
                item = self.item(place)
                if item.data(Qt.ItemDataRole.UserRole).id == picture:
                    item.setIcon(QIcon(QPixmap.fromImage(image)))

        return draw

    def _open(self, item: QListWidgetItem) -> None:
        if self._opened is None:  # a double click activates after it clicked
            picture = item.data(Qt.ItemDataRole.UserRole)
            self._opened = PictureSheet(
                self._owner, self._documents, self._ops, picture, self._title
            )
            self._opened.finished.connect(self._closed)
            self._opened.open()

    def _closed(self) -> None:
        self._opened = None


class PictureSheet(Sheet):
    """One picture as large as there is room, what it shows, and a way to take a copy out."""

    def __init__(
        self, parent: QWidget, documents: Documents, ops: Ops, picture: Picture, title: str
    ) -> None:
        self._documents = documents
        self._ops = ops
        self._picture = picture
        name = named(picture)
        self._shown = QLabel()
        self._shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown.setAccessibleName(name)
        wide = min(theme().scaled(FORM_WIDTH), picture.width)
        high = min(theme().scaled(_LARGE), picture.height * wide // picture.width)
        self._shown.setFixedHeight(max(1, high))
        self._said = label("", "small", "quiet")
        self._said.hide()
        close = button(_("Close"), self.accept, "main")
        super().__init__(
            parent,
            name,
            label(title, "title"),
            self._shown,
            label(name, "small", "quiet"),
            self._said,
            acts=row(button(_("Take a copy out…"), self._take_wanted), -1, close),
        )
        close.setFocus()
        ratio = self.devicePixelRatioF()

        def look() -> QImage:
            return _image(documents.picture(picture.id))

        def draw(image: QImage) -> None:
            shape, smooth = Qt.AspectRatioMode, Qt.TransformationMode.SmoothTransformation
            size = QSize(round(wide * ratio), round(high * ratio))
            made = QPixmap.fromImage(image.scaled(size, shape.KeepAspectRatio, smooth))
            made.setDevicePixelRatio(ratio)
            self._shown.setPixmap(made)

        ops.run(self, look, draw, aside=True)

    def take_out(self, folder: Path) -> None:
        """Write a copy into `folder`, which is not encrypted."""
        target = folder / f"picture-{self._picture.id}.png"

        def taken(_done: None) -> None:
            self._tell(_("Written to {folder}. It is not encrypted.").format(folder=target))

        def refused(problem: SafeSpaceError) -> None:
            self._tell(str(problem))

        self._ops.run(
            self,
            lambda: self._documents.take_out_picture(self._picture.id, target),
            taken,
            refused,
            aside=True,
        )

    def _take_wanted(self) -> None:
        self._tell(_("The copy is not encrypted: whoever can read the folder can read it."))
        choose_folder(self, _("Choose a folder for the copy"), self.take_out)

    def _tell(self, text: str) -> None:
        self._said.setText(text)
        self._said.show()
        self.fit()
        announce(self, text)
