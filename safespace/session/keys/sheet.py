# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery sheet: what goes on paper, from the window's printer or from the terminal."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from safespace.i18n import _

GROUP: Final = 4
"""Words in a line: what an eye takes in at once while copying."""


def groups(code: str) -> Iterator[str]:
    """The words of a recovery code, numbered, some in each line."""
    words = [f"{place:2}. {word:<9}" for place, word in enumerate(code.split(), start=1)]
    for first in range(0, len(words), GROUP):
        yield "  ".join(words[first : first + GROUP]).rstrip()


def text(name: str, code: str, day: date) -> str:
    """The whole sheet, in lines that fit on paper."""
    return "\n".join(
        (
            _("Safe Space: recovery sheet"),
            "",
            _("Space: {name}").format(name=name),
            _("Made on: {day}").format(day=day.isoformat()),
            _("Kept by: {line}").format(line="_" * 30),
            "",
            *groups(code),
            "",
            _("These twelve words open the space and its backups without the passphrase."),
            _("Whoever keeps this sheet can open the space. Write above who that is."),
            _("Keep it away from the computer, and make no photo or file of it."),
            "",
            _("Forgot the passphrase: choose “Use the recovery code” where it is asked for."),
            _("A new computer: bring a backup file and this sheet."),
            _(
                "The sheet is lost, or somebody saw it: Settings, Keys and recovery, “Somebody"
                " knows it”."
            ),
            _("If this sheet and the passphrase are both lost, nobody can help you."),
        )
    )
