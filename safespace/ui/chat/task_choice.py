# SPDX-License-Identifier: AGPL-3.0-or-later
"""What to do with what is written: just ask, or one of the tasks; and prompts that are saved."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from safespace.domain import TaskKind
from safespace.i18n import _
from safespace.session.turn.tasks import FORMS, Task
from safespace.store.rooms.own_words import Prompt
from safespace.ui.kit.icons import set_icon
from safespace.ui.kit.parts import label, row


class TaskChoice(QWidget):
    """A button that names the task, its menu, and a field for what the task leaves open.

    `prompt_chosen` carries the words of a saved prompt, `prompts_wanted` asks for all of them.
    """

    prompt_chosen = Signal(str)
    prompts_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kind: TaskKind | None = None
        self._prompts: Sequence[Prompt] = ()
        self._button = QToolButton()
        self._button.setProperty("kind", "plain")
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(self._button, "chevron-down", "accent")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self._button.setMenu(self.menu)
        self._asked = label("", "small", "quiet")
        self._asked.setWordWrap(False)
        self.detail = QLineEdit()
        line = row(self._button, self._asked, self.detail)
        line.setStretch(2, 1)
        line.addStretch(1)
        self.setLayout(line)
        self.choose(None)

    @property
    def task(self) -> Task | None:
        """The task that is chosen; None: it is just asked."""
        return None if self._kind is None else Task(self._kind, self.detail.text())

    def choose(self, kind: TaskKind | None) -> None:
        """Have this done with what is written; None: just ask."""
        self._kind = kind
        form = None if kind is None else FORMS[kind]
        name = _(form.name) if form else _("Just ask")
        self._button.setText(name)
        self._button.setAccessibleName(_("What to do: {name}").format(name=name))
        for part in (self._asked, self.detail):
            part.setVisible(form is not None)
        self.detail.clear()
        if form:
            self._asked.setText(f"{_(form.detail)}:")
            self.detail.setAccessibleName(_(form.detail))
            self.detail.setPlaceholderText(_(form.example))

    def show_prompts(self, prompts: Sequence[Prompt]) -> None:
        """These are saved."""
        self._prompts = prompts

    def _fill(self) -> None:
        self.menu.clear()
        self._add(_("Just ask"), lambda: self.choose(None))
        for kind, form in FORMS.items():
            self._add(_(form.name), partial(self.choose, kind))
        self.menu.addSeparator()
        for prompt in self._prompts:
            self._add(
                prompt.title.replace("&", "&&"),
                partial(self.prompt_chosen.emit, prompt.text),
            )
        self._add(_("Saved prompts…"), self.prompts_wanted.emit)

    def _add(self, name: str, act: Callable[[], object]) -> None:
        entry = QAction(name, self.menu)
        entry.triggered.connect(lambda: act())
        self.menu.addAction(entry)
