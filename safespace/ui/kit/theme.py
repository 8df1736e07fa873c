# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours, type and space as docs/design.md lays them down; light, dark, or the system's choice."""

from dataclasses import asdict, dataclass
from enum import IntEnum
from string import Template
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from safespace.ui.kit.style_sheet import STYLE_SHEET


@dataclass(frozen=True, slots=True)
class Tones:
    """One colour per role, as "#rrggbb". Names ending in `_ground` lie under the role they name."""

    dark: bool
    ground: str
    card: str
    side: str
    mine: str
    text: str
    quiet: str
    line: str
    edge: str
    accent: str
    on_accent: str
    hover: str
    warn: str
    warn_ground: str
    here: str
    here_ground: str
    coop: str
    coop_ground: str
    human: str
    human_ground: str


LIGHT: Final = Tones(
    dark=False,
    ground="#F8F7F4",
    card="#FFFFFF",
    side="#EFEDE8",
    mine="#E3EBE7",
    text="#20242A",
    quiet="#555B63",
    line="#DAD6CD",
    edge="#8B8F94",
    accent="#1D6B5F",
    on_accent="#FFFFFF",
    hover="#E6E3DC",
    warn="#9C2F27",
    warn_ground="#FAE9E6",
    here="#1B6544",
    here_ground="#E1F0E7",
    coop="#384FA0",
    coop_ground="#E7EAF8",
    human="#7C4510",
    human_ground="#F7ECDE",
)
DARK: Final = Tones(
    dark=True,
    ground="#1C1E21",
    card="#26292D",
    side="#17191B",
    mine="#2B3835",
    text="#E8E6E1",
    quiet="#A9ADB3",
    line="#383C41",
    edge="#767B82",
    accent="#7CCBB9",
    on_accent="#0E211D",
    hover="#2F3338",
    warn="#F3A69D",
    warn_ground="#42252A",
    here="#8AD8B1",
    here_ground="#1E3429",
    coop="#AEBBF6",
    coop_ground="#272D48",
    human="#EDBB82",
    human_ground="#3A2E1E",
)


class Space(IntEnum):
    """Distances in pixels."""

    HAIR = 4
    SMALL = 8
    NEAR = 12
    STEP = 16
    GROUP = 24
    EDGE = 32
    WIDE = 48


SCROLL_BAR: Final = 12
READING_WIDTH: Final = 720
FORM_WIDTH: Final = 420

TYPE_SCALE: Final = {"display": 1.75, "title": 1.25, "body": 1.06, "label": 1.0, "small": 0.9}
_HEAVY: Final = frozenset({"display", "title"})


class Theme(QObject):
    """The look of the running application. One per QApplication; interface thread only.

    `changed` says that tones or type are new: whoever painted with them paints again.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system", text_size: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._system_size = app.font().pointSizeF()
        self._choice = choice
        self._text_size = text_size
        self.tones = LIGHT
        app.setStyle(
            "Fusion"
        )  # the one style that looks alike everywhere and takes a palette whole
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose()

    def choose(self, choice: str | None = None, text_size: int | None = None) -> None:
        """Wear "light", "dark" or "system"; `text_size` in percent of the system's."""
        choice = self._choice = choice or self._choice
        self._text_size = text_size or self._text_size
        scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(scheme.get(choice, Qt.ColorScheme.Unknown))
        self._follow()

    def font(self, role: str) -> QFont:
        """The font of a role of the type scale."""
        font = QFont(self._app.font())
        font.setPointSizeF(self._points(role))
        if role in _HEAVY:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def scaled(self, pixels: int) -> int:
        """A width or an icon's size that grows with the text."""
        return round(pixels * self._text_size / 100)

    def _points(self, role: str) -> float:
        return self._system_size * TYPE_SCALE[role] * self._text_size / 100

    def _follow(self) -> None:
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        if self._choice != "system":  # a platform without colour schemes answers Unknown
            dark = self._choice == "dark"
        self.tones = DARK if dark else LIGHT
        font = self._app.font()
        font.setPointSizeF(self._points("label"))
        self._app.setFont(font)
        self._app.setPalette(palette(self.tones))
        sizes = {name: f"{self._points(name):.2f}pt" for name in TYPE_SCALE}
        self._app.setStyleSheet(Template(STYLE_SHEET).substitute(asdict(self.tones), **sizes))
        self.changed.emit()


def palette(tones: Tones) -> QPalette:
    """`tones` as Qt's own roles, for everything that the style sheet leaves alone."""
    role = QPalette.ColorRole
    made = QPalette()
    for where, tone in (
        (role.Window, tones.ground),
        (role.WindowText, tones.text),
        (role.Base, tones.card),
        (role.AlternateBase, tones.side),
        (role.Text, tones.text),
        (role.Button, tones.card),
        (role.ButtonText, tones.text),
        (role.BrightText, tones.warn),
        (role.PlaceholderText, tones.quiet),
        (role.Highlight, tones.accent),
        (role.HighlightedText, tones.on_accent),
        (role.Accent, tones.accent),
        (role.Link, tones.accent),
        (role.LinkVisited, tones.accent),
        (role.ToolTipBase, tones.card),
        (role.ToolTipText, tones.text),
        (role.Mid, tones.line),
        (role.Light, tones.card),
        (role.Dark, tones.edge),
    ):
        made.setColor(where, QColor(tone))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(tones.edge))
    return made


def theme() -> Theme:
    """The theme of the running application."""
    app = QApplication.instance()
    assert app is not None
    found = app.findChild(Theme)
    assert isinstance(found, Theme)
    return found
