# SPDX-License-Identifier: AGPL-3.0-or-later
"""One table of settings. The settings page, `safespace config` and docs/settings.md come from it.

A setting belongs to the *computer* (settings.toml, readable while every space is locked) or
to the *space* (inside the encrypted store). The level is no setting: it changes on the
engagement page.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from safespace.domain import TaskKind, Topic
from safespace.errors import StorageError, Usage
from safespace.i18n import N_, _

Value = str | int | float | tuple[str, ...]


class Scope(StrEnum):
    """Where a setting is kept."""

    COMPUTER = "computer"
    SPACE = "space"


_WINDOW: Final = re.compile(r"\s*(\d{1,2}):([0-5]?\d)\s*-\s*(\d{1,2}):([0-5]?\d)\s*", re.ASCII)


def window(text: str) -> tuple[int, int]:
    """A window of the day such as "22:00-07:00", in minutes after midnight; its end may be
    the next morning. Raises ValueError for anything else.
    """
    found = _WINDOW.fullmatch(text)
    if not found:
        raise ValueError(text)
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if begin > 24 * 60 or end > 24 * 60 or begin == end:
        raise ValueError(text)
    return begin, end


def is_window(text: str) -> bool:
    """Whether `window` can read it."""
    try:
        window(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: its key, where it is kept, its default (whose type is its type), its words.

    `choices` limits text values and the members of a list, and so does `shape`, which
    `allowed_shape` puts into words; `low` and `high` limit numbers, both included.
    """

    key: str
    scope: Scope
    default: Value
    label: str
    doc: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    shape: Callable[[str], bool] | None = None
    allowed_shape: str = ""

    def parse(self, text: str) -> Value:
        """The value that `text` names, checked. Lists are separated by commas.

        Raises Usage with the allowed values when it is none.
        """
        value: Value
        try:
            if isinstance(self.default, tuple):
                value = tuple(part.strip() for part in text.split(",") if part.strip())
            else:
                value = type(self.default)(text)
        except ValueError:
            raise self._refusal(text) from None
        return self.check(value)

    def check(self, value: object) -> Value:
        """`value` as this setting's type. Raises Usage when it does not fit."""
        if isinstance(value, list):
            value = tuple(value)
        if isinstance(self.default, float) and isinstance(value, int):
            value = float(value)
        if type(value) is not type(self.default):
            raise self._refusal(str(value))
        assert isinstance(value, str | int | float | tuple)
        parts = value if isinstance(value, tuple) else (value,)
        if self.choices and not all(part in self.choices for part in parts):
            raise self._refusal(self.show(value))
        if self.shape and not all(isinstance(part, str) and self.shape(part) for part in parts):
            raise self._refusal(self.show(value))
        if isinstance(value, int | float) and not self._within(value):
            raise self._refusal(self.show(value))
        return value

    def show(self, value: Value) -> str:
        """`value` as `parse` reads it."""
        return ", ".join(value) if isinstance(value, tuple) else str(value)

    def allowed(self) -> str:
        """The values that fit, for a person."""
        if self.choices:
            return ", ".join(self.choices)
        if self.allowed_shape:
            return _(self.allowed_shape)
        if self.low is not None and self.high is not None:
            return _("{low} to {high}").format(low=self.low, high=self.high)
        return _("any text")

    def _within(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _refusal(self, text: str) -> Usage:
        return Usage(
            _("“{value}” does not fit the setting {key}.").format(value=text, key=self.key),
            _("It takes: {allowed}.").format(allowed=self.allowed()),
        )


TABLE: Final = (
    Setting(
        "appearance.theme",
        Scope.COMPUTER,
        "system",
        N_("Colours"),
        N_("Light or dark, or as the system has it."),
        choices=("system", "light", "dark"),
    ),
    Setting(
        "appearance.text_size",
        Scope.COMPUTER,
        100,
        N_("Text size"),
        N_("In percent of the usual size."),
        low=75,
        high=200,
    ),
    Setting(
        "appearance.language",
        Scope.COMPUTER,
        "system",
        N_("Language"),
        N_("The language of the screens. It takes effect at the next start."),
        choices=("system", "en", "de"),
    ),
    Setting(
        "assistant.model",
        Scope.SPACE,
        "",
        N_("Model"),
        N_("The file on the model shelf that answers you. Empty: the largest one that fits."),
    ),
    Setting(
        "assistant.answer_tokens",
        Scope.SPACE,
        512,
        N_("Longest answer"),
        N_("In tokens; a token is about three quarters of an English word."),
        low=16,
        high=8192,
    ),
    Setting(
        "assistant.temperature",
        Scope.SPACE,
        0.2,
        N_("Variety"),
        N_("0 always takes the likeliest word; higher values vary more and err more."),
        low=0.0,
        high=1.5,
    ),
    Setting(
        "assistant.breadth",
        Scope.SPACE,
        0.95,
        N_("Choice of words"),
        N_("How rare a word may be. Lower stays with common words; 1 leaves out none."),
        low=0.3,
        high=1.0,
    ),
    Setting(
        "assistant.repetition",
        Scope.SPACE,
        1.1,
        N_("Against repeating itself"),
        N_("1 does nothing; higher avoids what was just said, and too high sounds odd."),
        low=1.0,
        high=1.3,
    ),
    Setting(
        "assistant.adapter",
        Scope.SPACE,
        "",
        N_("Adapter"),
        N_("A small file (LoRA) that changes how the model speaks. Empty: none."),
    ),
    Setting(
        "assistant.adapter_strength",
        Scope.SPACE,
        1.0,
        N_("Strength of the adapter"),
        N_("1 is as it was made, 0 is without it; above 1 it may stop making sense."),
        low=0.0,
        high=1.5,
    ),
    Setting(
        "assistant.memory",
        Scope.SPACE,
        "off",
        N_("Memory goes along"),
        N_(
            "Let a model on this computer read lines of your memory with a question, from level"
            " 2 up. They are never sent."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.marks",
        Scope.SPACE,
        "on",
        N_("Mark of AI text"),
        N_(
            "An answer that you copy or save whole says that AI wrote it, by which model, where and"
            " when. Words that you mark and copy yourself do not."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.documents",
        Scope.SPACE,
        "off",
        N_("Documents go along"),
        N_(
            "Let a model on this computer read passages of your documents that fit a question,"
            " from level 2 up. They are never sent, and neither is a conversation that quotes them."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.threads",
        Scope.COMPUTER,
        0,
        N_("Processor threads"),
        N_(
            "How many the model uses. 0: as many as turn out fastest for it on this computer,"
            " tried while it answers, and again when other programs come or go. It takes effect"
            " at the next start."
        ),
        low=0,
        high=256,
    ),
    Setting(
        "assistant.graphics_card",
        Scope.COMPUTER,
        "on",
        N_("Use the graphics card"),
        N_(
            "Where there is one that this installation can use, as much of the model as fits lies"
            " on it. It takes effect at the next start."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "assistant.bookmarks",
        Scope.SPACE,
        256,
        N_("Bookmarks in long conversations"),
        N_(
            "Megabytes beside the space, encrypted, for what the model made of long conversations:"
            " they go on at once after a restart. Those used longest ago make way. 0: none."
        ),
        low=0,
        high=65536,
    ),
    Setting(
        "guard.reserved_tasks",
        Scope.SPACE,
        (),
        N_("I do these myself"),
        N_("Kinds of task that no AI does for you."),
        choices=tuple(kind.value for kind in TaskKind if kind is not TaskKind.CHAT),
    ),
    Setting(
        "guard.topics_without_ai",
        Scope.SPACE,
        (),
        N_("Topics without AI"),
        N_("Topics that you want to keep from every AI, the local model included."),
        choices=tuple(topic.value for topic in Topic),
    ),
    Setting(
        "guard.topics_here",
        Scope.SPACE,
        (),
        N_("Topics that stay here"),
        N_("Topics that never leave this computer, at whatever level."),
        choices=tuple(topic.value for topic in Topic),
    ),
    Setting(
        "guard.hours_without_ai",
        Scope.SPACE,
        (),
        N_("Hours without AI"),
        N_("Times of the day at which no model is asked, such as 22:00-07:00."),
        shape=is_window,
        allowed_shape=N_("times such as 22:00-07:00"),
    ),
    Setting(
        "door.models",
        Scope.SPACE,
        "off",
        N_("Fetch models"),
        N_(
            "Let Safe Space fetch the file of a model when you ask for it, from the address on the"
            " model's card. It goes on while the space is locked; off stops it."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "door.updates",
        Scope.SPACE,
        "off",
        N_("Look for new versions"),
        N_("Let Safe Space ask whether there is one. This version has nothing yet that asks."),
        choices=("off", "on"),
    ),
    Setting(
        "door.hub",
        Scope.SPACE,
        "off",
        N_("Speak with the hub"),
        N_(
            "Let Safe Space speak with the server of your cooperative. This version has nothing"
            " yet that does."
        ),
        choices=("off", "on"),
    ),
    Setting(
        "lock.idle_minutes",
        Scope.SPACE,
        0,
        N_("Lock by itself"),
        N_(
            "After so many minutes with nothing typed or moved. 0: after 5 where others use this"
            " computer account, after 15 where you alone do."
        ),
        low=0,
        high=240,
    ),
    Setting(
        "lock.account",
        Scope.COMPUTER,
        "unknown",
        N_("This computer account"),
        N_("Whether others use it too. Not said: shared, if there is more than one space."),
        choices=("unknown", "shared", "alone"),
    ),
    Setting(
        "backup.folder",
        Scope.COMPUTER,
        "",
        N_("Backup folder"),
        N_(
            "Where a backup of every space is made once a day. Empty: beside the spaces, which"
            " does not help when this disk dies or the computer is gone; a stick or another disk"
            " does."
        ),
    ),
)

_BY_KEY: Final = {setting.key: setting for setting in TABLE}


def find(key: str) -> Setting:
    """The row named `key`. Raises Usage that suggests the nearest key."""
    if setting := _BY_KEY.get(key):
        return setting
    near = difflib.get_close_matches(key, _BY_KEY, n=1, cutoff=0.4)
    raise Usage(
        _("There is no setting “{key}”.").format(key=key),
        _("Did you mean {near}?").format(near=near[0])
        if near
        else _("“safespace config” lists them."),
    )


class ComputerSettings:
    """The settings of this computer, in one TOML file that a person may edit.

    Single-threaded. An unreadable value counts as the default, so that a slip in the file
    keeps nobody out.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._values = _read(file)

    def get(self, key: str) -> Value:
        """The value of a computer setting. Raises Usage for an unknown key."""
        setting = find(key)
        try:
            return setting.check(self._values.get(key, setting.default))
        except Usage:
            return setting.default

    def set(self, key: str, value: Value) -> None:
        """Keep a value. Raises Usage if it does not fit, StorageError if it cannot be written."""
        import tomli_w  # only a change needs the writer

        # What another window or the terminal kept meanwhile stays.
        self._values = {**_read(self._file), key: find(key).check(value)}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and _parsed(self._file) is None:
                self._file.replace(self._file.with_suffix(".unreadable"))
            fresh = self._file.with_suffix(".new")
            fresh.write_text(tomli_w.dumps(_in_groups(self._values)), "utf-8")
            fresh.replace(self._file)
        except OSError as problem:
            raise StorageError(
                _("The settings could not be saved in {folder}.").format(folder=self._file.parent),
                _("Check that there is room and that you may write there."),
            ) from problem


def _read(file: Path) -> Mapping[str, object]:
    return _parsed(file) or {}


def _parsed(file: Path) -> Mapping[str, object] | None:
    """What the file says, by key; None if it cannot be read."""
    try:
        groups = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return {
        f"{group}.{name}": value
        for group, values in groups.items()
        if isinstance(values, dict)
        for name, value in values.items()
    }


def _in_groups(values: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """The inverse: "appearance.theme" is `theme` in the table `[appearance]`."""
    groups: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        group, _dot, name = key.partition(".")
        groups.setdefault(group, {})[name] = value
    return groups
