# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of this computer, which can be read while every space is locked."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.settings.setting import Value
from safespace.settings.table import find


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
    except (OSError, ValueError, RecursionError):
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
