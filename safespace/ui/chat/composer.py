# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the member writes. Enter sends, Shift+Enter makes a line; nothing typed is lost."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from safespace.i18n import _
from safespace.session.turn.tasks import Task, words
from safespace.ui.chat.task_choice import TaskChoice
from safespace.ui.gate import Gate
from safespace.ui.kit.parts import button, centred, column, frame, label, panel, restyle, row
from safespace.ui.kit.theme import READING_WIDTH, SCROLL_BAR, Space

DRAFT_DELAY_MS: Final = 400
_MOST_LINES: Final = 8


class Composer(QWidget):
    """The text field with its button: Ask, Stop while an answer comes, Keep where AI is off.

    The text stays until `accept` says that it is saved.
    """

    sent = Signal(str)
    stopped = Signal()
    draft_changed = Signal(str)
    change_given_up = Signal()

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate
        self._running = False
        self._changing = False
        self._without_ai = False
        self._unsaid = False
        self._delay = QTimer(self, singleShot=True, interval=DRAFT_DELAY_MS)
        self._delay.timeout.connect(self.flush_draft)
        self._field = _Field()
        self._field.entered.connect(self._send)
        self._field.textChanged.connect(self._typed)
        self._send_button = button(_("Ask"), self._send, "main", icon="arrow-up")
        self._stop_button = gate.admit(button(_("Stop"), self.stopped.emit, icon="square"))
        self.tasks = gate.admit(TaskChoice())
        self._change = frame(
            "plain",
            row(
                label(_("Changing an earlier message. The old version stays."), "small", "quiet"),
                button(_("Leave it as it was"), self.change_given_up.emit, "plain"),
            ),
        )
        self._box = frame(
            "composer",
            row(
                self._field,
                _at_bottom(self._stop_button),
                _at_bottom(self._send_button),
                margin=Space.SMALL,
            ),
        )
        self._hint = label("", "small", "quiet")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        parts = (self._change, self.tasks, self._box, self._hint)
        inside = panel("inner", column(*parts, gap=Space.SMALL))
        across = centred(inside, READING_WIDTH)
        across.setContentsMargins(Space.EDGE, 0, Space.EDGE + SCROLL_BAR, Space.STEP)
        self.setLayout(across)
        self._field.installEventFilter(self)
        self.setFocusProxy(self._field)
        self.set_changing(changing=False)
        gate.opened.connect(self._look)
        self._look()

    @property
    def text(self) -> str:
        """What is in the field."""
        return self._field.toPlainText()

    @property
    def task(self) -> Task | None:
        """What to do with it; None: it says so itself."""
        return self.tasks.task if self._with_ai and not self._changing else None

    @property
    def asked(self) -> str:
        """What is asked with it."""
        return words(self.task, self.text) if self.task else self.text

    def show_text(self, text: str) -> None:
        """Put `text` into the field; that is no typing, so no draft is saved."""
        self._field.blockSignals(True)
        self._field.setPlainText(text)
        self._field.blockSignals(False)
        self._field.moveCursor(self._field.textCursor().MoveOperation.End)
        self._field.fit()
        self._delay.stop()
        self._unsaid = False
        self._look()

    def accept(self) -> None:
        """The text is saved elsewhere: empty the field."""
        self.show_text("")
        self.tasks.choose(None)

    def flush_draft(self) -> None:
        """Say now what was typed, if that was not said yet."""
        self._delay.stop()
        if self._unsaid:
            self._unsaid = False
            self.draft_changed.emit(self.text)

    def set_running(self, *, running: bool) -> None:
        """An answer is being written here."""
        self._running = running
        self._look()

    def set_without_ai(self, *, without: bool) -> None:
        """The conversation that is shown, or begins, is kept without AI."""
        self._without_ai = without
        self._look()

    def set_changing(self, *, changing: bool) -> None:
        """An earlier message is in the field, with its task in its words."""
        self._changing = changing
        self._change.setVisible(changing)
        self.tasks.setVisible(self._with_ai and not changing)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._box.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            restyle(self._box)
        return super().eventFilter(watched, event)

    def _typed(self) -> None:
        self._unsaid = True
        self._delay.start()
        self._look()

    @property
    def _with_ai(self) -> bool:
        return self._gate.is_open and not self._without_ai

    def _send(self) -> None:
        if self._send_button.isEnabled():
            self.flush_draft()
            self.sent.emit(self.text)

    def _look(self) -> None:
        """Without AI the field takes notes, and nothing here speaks of asking."""
        with_ai = self._with_ai
        ask = _("Ask") if with_ai else _("Keep")
        self._send_button.setText(ask)
        self._send_button.setAccessibleName(ask)
        self.tasks.setVisible(with_ai and not self._changing)
        stops = self._running and self._gate.is_open
        self._send_button.setVisible(not stops)
        self._send_button.setEnabled(bool(self.text.strip()) and not self._running)
        self._stop_button.setVisible(stops)
        if with_ai:
            self._field.setPlaceholderText(_("Ask something"))
            self._field.setAccessibleName(_("Your question"))
            self._hint.setText(_("Enter sends, Shift+Enter makes a new line."))
        else:
            self._field.setPlaceholderText(_("Write a note"))
            self._field.setAccessibleName(_("Your note"))
            self._hint.setText(
                _("This conversation is without AI: what you write is kept, and no model reads it.")
                if self._gate.is_open
                else _("No AI: what you write is kept in your space, and no model reads it.")
            )


class _Field(QPlainTextEdit):
    """Grows with its text up to some lines; Enter is told, not typed."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setProperty("scale", "body")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """Be as high as the text, in lines of this font; scroll beyond the most."""
        lines = int(self.document().size().height())  # QPlainTextDocumentLayout counts lines
        shown = max(1, min(lines, _MOST_LINES))
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines > _MOST_LINES else policy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(shown * self.fontMetrics().lineSpacing() + 2 * Space.NEAR)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())


def _at_bottom(part: QWidget) -> QVBoxLayout:
    return column(-1, part)
