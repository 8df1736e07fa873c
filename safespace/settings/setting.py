# SPDX-License-Identifier: AGPL-3.0-or-later
"""One setting: what it is called, where it is kept, which values fit."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from safespace.errors import Usage
from safespace.i18n import _

Value = str | int | float | tuple[str, ...]


class Scope(StrEnum):
    """Where a setting is kept."""

    COMPUTER = "computer"
    SPACE = "space"


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
