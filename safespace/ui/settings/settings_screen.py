# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings page, made from settings.TABLE. What is changed is kept at once."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from safespace.i18n import N_, _
from safespace.session.session import Session
from safespace.settings import TABLE, Setting, Value
from safespace.ui.gate import Gate
from safespace.ui.kit.choose_file import choose_file
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, panel, row
from safespace.ui.kit.screen import Screen
from safespace.ui.kit.theme import Space, theme
from safespace.ui.settings.setting_control import Files, Refuse, setting_row
from safespace.ui.settings.shown_part import ShownPart

_SECTIONS: Final = {
    "appearance": N_("Appearance"),
    "assistant": N_("Assistant"),
    "door": N_("Connections"),
    "lock": N_("Locking"),
    "backup": N_("Backups"),
}
_ABOUT_AI: Final = "assistant"
_ABOUT_MODELS: Final = "door.models"
_LOCKING: Final = "lock"
_BACKUPS: Final = "backup"


def _section_of(setting: Setting) -> str:
    return setting.key.partition(".")[0]


_ROWS: Final = tuple(row for row in TABLE if _section_of(row) in _SECTIONS)


class SettingsScreen(Screen):
    """One row per setting, in sections; those of the guard stand on the page on engagement.

    `engagement_wanted` asks for the page on how far AI goes, `limits_wanted` for that on limits,
    `keys_wanted` for that on keys and recovery, `checks_wanted` for that on checks,
    `leave_wanted` for that on leaving; `instructions_wanted` for what the member tells the
    assistant, `prompts_wanted` for the prompts they saved. `kept` says that something was changed.
    """

    engagement_wanted = Signal()
    keys_wanted = Signal()
    limits_wanted = Signal()
    models_wanted = Signal()
    checks_wanted = Signal()
    leave_wanted = Signal()
    instructions_wanted = Signal()
    prompts_wanted = Signal()
    kept = Signal()

    def __init__(self, session: Session, ops: Ops, gate: Gate, refuse: Refuse) -> None:
        super().__init__(_("Settings"))
        self._session = session
        self._ops = ops
        self._refuse = refuse
        self._gate = gate

    def read(self) -> None:
        """Show what is in force now."""
        session = self._session

        def read() -> tuple[Mapping[str, Value], Files]:
            return {row.key: session.get(row.key) for row in _ROWS}, _files(session)

        self._ops.run(self, read, lambda found: self._show(*found))

    def _show(self, values: Mapping[str, Value], files: Files) -> None:
        parts: list[QWidget | QLayout] = []
        for section, rows in groupby(_ROWS, _section_of):
            parts.append(part := self._section(section, list(rows), values, files))
            if section == _ABOUT_AI:
                self._gate.admit(part)  # at level 0 nothing here is about a model
                parts.append(self._gate.admit(self._own_words()))
                to_models = self._gate.admit(button(_("Models…"), self.models_wanted.emit))
                to_engagement = button(_("How far AI goes…"), self.engagement_wanted.emit)
                to_limits = button(_("Limits…"), self.limits_wanted.emit)
                parts.append(Flow(to_models, to_engagement, to_limits))
            if section == _LOCKING:
                parts.append(ShownPart(self._session.at_entrance, self._ops))
            if section == _BACKUPS:
                to_keys = button(_("Keys and recovery…"), self.keys_wanted.emit)
                to_checks = button(_("What is checked, and when…"), self.checks_wanted.emit)
                parts.append(Flow(to_keys, to_checks))
        leave = button(_("Take everything along, or erase this space…"), self.leave_wanted.emit)
        self.fill(*parts, row(leave, -1))
        self.ready.emit()

    def _own_words(self) -> QWidget:
        told = button(_("How I want to be answered…"), self.instructions_wanted.emit)
        saved = button(_("Saved prompts…"), self.prompts_wanted.emit)
        adapter = button(_("Add an adapter…"), self._adapter_wanted)
        return panel("words", Flow(told, saved, adapter))

    def _adapter_wanted(self) -> None:
        def add(file: Path) -> None:
            self._ops.run(
                self, lambda: self._session.adapters.add(file), lambda _added: self.read()
            )

        choose_file(self, _("Choose an adapter"), _("Adapters (*.gguf)"), add)

    def _section(
        self,
        section: str,
        rows: Sequence[Setting],
        values: Mapping[str, Value],
        files: Files,
    ) -> QWidget:
        made = column(label(_(_SECTIONS[section]), "title"), gap=Space.STEP)
        for setting in rows:
            line = QWidget()
            value = values[setting.key]
            line.setLayout(setting_row(setting, value, files, self._keep, self._refuse))
            made.addWidget(self._gate.admit(line) if setting.key == _ABOUT_MODELS else line)
        whole = QWidget()
        whole.setLayout(made)
        return whole

    def _keep(self, setting: Setting, value: Value) -> None:
        def kept(_done: None) -> None:
            if setting.key == "appearance.theme":
                theme().choose(str(value))
            elif setting.key == "appearance.text_size":
                theme().choose(text_size=int(str(value)))
            self.kept.emit()

        self._ops.run(self, lambda: self._session.set(setting.key, value), kept)


def _files(session: Session) -> Files:
    """What stands on the shelf, by the setting that chooses from it."""
    models = [(model.path.name, model.name) for model in session.models() if not model.finds]
    adapters = [(one.name, Path(one.name).stem) for one in session.adapters.every()]
    return {
        "assistant.model": [("", _("The largest that fits")), *models],
        "assistant.adapter": [("", _("None")), *adapters],
    }
