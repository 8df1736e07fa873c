# SPDX-License-Identifier: AGPL-3.0-or-later
"""The control for one row of the settings table, by the type of its default."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from safespace.domain import TaskKind, Topic
from safespace.errors import Usage
from safespace.guard import wording
from safespace.i18n import N_, _
from safespace.settings import Setting, Value, is_window, window
from safespace.ui.kit.check import Check
from safespace.ui.kit.choice import Choice, NoWheel
from safespace.ui.kit.parts import column, label, row
from safespace.ui.kit.theme import Space
from safespace.ui.settings.hours import Hours, clock

Keep = Callable[[Setting, Value], object]
Refuse = Callable[[Usage], object]

Files = Mapping[str, Sequence[tuple[str, str]]]
"""Texts that are chosen from files, by the key of their setting: each value, and its name."""

_NAMES: Final = {
    "system": N_("As the system has it"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "unknown": N_("Not said"),
    "shared": N_("Others use it too"),
    "alone": N_("I alone use it"),
    "off": N_("Off"),
    "on": N_("On"),
    "en": "English",
    "de": "Deutsch",
}


def setting_row(
    setting: Setting, value: Value, files: Files, keep: Keep, refuse: Refuse
) -> QHBoxLayout:
    """What a setting is about, and its control beside that."""
    field = control(setting, value, files, keep, refuse)
    said = column(label(_(setting.label), "strong"), label(_(setting.doc), "small", "quiet"), -1)
    line = row(said, field, gap=Space.GROUP)
    line.setStretch(0, 3)
    line.setStretch(1, 2)
    return line


def control(setting: Setting, value: Value, files: Files, keep: Keep, refuse: Refuse) -> QWidget:
    """A control that shows `value`, and calls `keep` with each new one or `refuse` with why not."""
    made: QWidget
    if isinstance(value, tuple) and setting.choices:
        made = _checks(setting, value, keep)
    elif isinstance(value, tuple) and setting.shape is is_window:
        made = _hours(setting, value, keep)
    elif isinstance(value, str) and (setting.choices or setting.key in files):
        made = _list(setting, value, _options(setting, files), keep)
    else:
        made = _field(setting, value, keep, refuse)
    made.installEventFilter(NoWheel(made))
    made.setAccessibleName(_(setting.label))
    made.setAccessibleDescription(_(setting.doc))
    return made


def choice_name(value: str) -> str:
    """What a person calls one of a setting's values."""
    if value in _NAMES:
        return _(_NAMES[value])
    if value in {kind.value for kind in TaskKind}:
        name = wording.kind_name(TaskKind(value))
    else:
        name = wording.topic_name(Topic(value))
    return name[:1].upper() + name[1:]


def _options(setting: Setting, files: Files) -> Sequence[tuple[str, str]]:
    if setting.choices:
        return [(value, choice_name(value)) for value in setting.choices]
    return files[setting.key]


def _list(
    setting: Setting, value: str, options: Sequence[tuple[str, str]], keep: Keep
) -> QComboBox:
    made = Choice()
    for option, name in options:
        made.addItem(name, option)
    if made.findData(value) < 0:
        made.addItem(value, value)  # a file that is no longer there
    made.setCurrentIndex(made.findData(value))
    made.currentIndexChanged.connect(lambda: keep(setting, made.currentData()))
    return made


def _field(setting: Setting, value: Value, keep: Keep, refuse: Refuse) -> QLineEdit:
    made = QLineEdit(setting.show(value))
    if not isinstance(value, str):
        made.setPlaceholderText(setting.allowed())
        made.setToolTip(setting.allowed())

    def entered() -> None:
        try:
            keep(setting, setting.parse(made.text()))
        except Usage as problem:
            refuse(problem)
            made.setText(setting.show(value))

    made.editingFinished.connect(entered)
    return made


def _hours(setting: Setting, value: tuple[str, ...], keep: Keep) -> QWidget:
    made = Hours(tuple(map(window, value)), overnight=True)

    def changed() -> None:
        if made.fit:  # what is half typed leaves the old ones in force
            keep(setting, tuple(f"{clock(begin)}-{clock(end)}" for begin, end in made.windows))

    made.changed.connect(changed)
    return made


def _checks(setting: Setting, value: tuple[str, ...], keep: Keep) -> QWidget:
    boxes = {choice: Check(choice_name(choice)) for choice in setting.choices}

    def changed() -> None:
        keep(setting, tuple(choice for choice, box in boxes.items() if box.isChecked()))

    for choice, box in boxes.items():
        box.setAccessibleName(f"{_(setting.label)}: {choice_name(choice)}")
        box.setChecked(choice in value)
        box.toggled.connect(changed)
    made = QWidget()
    made.setLayout(column(*boxes.values()))
    return made
