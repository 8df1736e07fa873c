# SPDX-License-Identifier: AGPL-3.0-or-later
"""One message on the screen: the member's own words, or an answer with its mark and acts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from safespace.domain import Mark, Message, Role, Route
from safespace.i18n import _
from safespace.ui.chat.beside import said_beside
from safespace.ui.chat.mark import mark_button
from safespace.ui.chat.notice import NOTE, HandedBack
from safespace.ui.chat.prose import Prose
from safespace.ui.gate import Gate
from safespace.ui.kit.parts import column, frame, icon_button, label, row
from safespace.ui.kit.theme import Space, theme

_WIDEST_OWN: Final = 480
_SELECTABLE: Final = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done with a message; the conversation view does it."""

    why: Callable[[Message], object]
    copy: Callable[[Message], object]
    save: Callable[[Message], object]
    regenerate: Callable[[Message], object]
    ask_anyway: Callable[[Message], object]
    change: Callable[[Message], object]
    choose: Callable[[int], object]
    link: Callable[[QUrl], object]
    sources: Callable[[Mark], QWidget]
    sign: Callable[[Message, str], str]


class OwnWords(QLabel):
    """What the member wrote: never markup, as wide as its longest line up to a limit."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("scale", "body")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(_SELECTABLE)
        self.setAccessibleName(_("You wrote: {text}").format(text=text))

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        lines = self.text().splitlines() or [""]
        widest = max(self.fontMetrics().horizontalAdvance(line) for line in lines) + 4
        width = min(widest, theme().scaled(_WIDEST_OWN))
        return QSize(width, self.heightForWidth(width))


class Bubble(QWidget):
    """One message. Acts that ask a model pass the `gate`."""

    def __init__(self, message: Message, acts: Acts, gate: Gate) -> None:
        super().__init__()
        self._gate = gate
        self.message = message
        self._acts = acts
        if message.role is Role.MEMBER:
            self.setLayout(self._own_words())
        elif message.mark and message.role is Role.SAFESPACE and not message.text:
            self.setLayout(self._handed_back())
        else:
            self.setLayout(self._answer())

    def _own_words(self) -> QVBoxLayout:
        box = frame("mine", column(OwnWords(self.message.text), margin=Space.NEAR))
        change = icon_button("pencil", _("Change"), lambda: self._acts.change(self.message))
        acts = row(*self._versions(), change, self._copy_button(), gap=0)
        return column(row(-1, column(-1, acts), box))

    def _handed_back(self) -> QVBoxLayout:
        mark = self.message.mark
        assert mark
        acts = row(self._mark(mark), *self._versions())
        if {reason.code for reason in mark.reasons} == NOTE:
            acts.addWidget(label(_("Kept as a note."), "small", "quiet"), 1)
            return column(acts)
        acts.addStretch(1)
        notice = HandedBack(mark, lambda: self._acts.ask_anyway(self.message), self._gate)
        return column(notice, acts, gap=Space.SMALL)

    def _answer(self) -> QVBoxLayout:
        mark = self.message.mark
        prose = Prose(
            links=mark is None or mark.route <= Route.LOCAL,
            sign=partial(self._acts.sign, self.message),
        )
        prose.show_markdown(self.message.text)
        prose.link_wanted.connect(self._acts.link)
        parts: list[QWidget] = [prose]
        if self.message.partial:
            parts.append(_inset(label(_("Not finished: what came until then."), "small", "quiet")))
        if mark and mark.sources:
            parts.append(_inset(self._acts.sources(mark)))
        below = self._below()
        return column(*parts, below, gap=Space.HAIR)

    def _below(self) -> QVBoxLayout:
        line = row(gap=Space.SMALL)
        note = ""
        if mark := self.message.mark:
            line.addWidget(self._mark(mark))
            note = said_beside(mark)
        if note:
            line.addWidget(label(note, "small", "quiet"), 1)
        line.addStretch(0 if note else 1)
        acts = row(*self._versions(), self._copy_button(), gap=0)
        if self.message.role is Role.MODEL:
            save = icon_button(
                "file-text", _("Save as a file…"), lambda: self._acts.save(self.message)
            )
            acts.addWidget(save)
            again = icon_button(
                "refresh-cw", _("Answer again"), lambda: self._acts.regenerate(self.message)
            )
            acts.addWidget(self._gate.admit(again))
        line.addLayout(acts)
        return column(line)

    def _mark(self, mark: Mark) -> QToolButton:
        return mark_button(mark, self.message.at, lambda: self._acts.why(self.message))

    def _versions(self) -> list[QWidget]:
        """‹ 2/3 ›: the versions at this place, or nothing where there is one."""
        ids = self.message.siblings
        if len(ids) < 2:
            return []
        here = ids.index(self.message.id)
        earlier = icon_button(
            "chevron-left", _("Earlier version"), lambda: self._acts.choose(ids[here - 1])
        )
        later = icon_button(
            "chevron-right", _("Later version"), lambda: self._acts.choose(ids[here + 1])
        )
        earlier.setEnabled(here > 0)
        later.setEnabled(here < len(ids) - 1)
        place = label(f"{here + 1}/{len(ids)}", "small", "quiet")
        place.setWordWrap(False)
        place.setAccessibleName(_("Version {here} of {all}").format(here=here + 1, all=len(ids)))
        return [earlier, place, later]

    def _copy_button(self) -> QToolButton:
        return icon_button("copy", _("Copy"), lambda: self._acts.copy(self.message))


def _inset(text: QWidget) -> QWidget:
    """As far in as prose, which keeps room for its focus ring."""
    text.setContentsMargins(Space.HAIR, 0, 0, 0)
    return text
