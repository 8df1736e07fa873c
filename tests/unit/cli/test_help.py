# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every word of `--help` that is ours goes through the catalogue."""

import gettext
import re

import click
import pytest

from safespace import i18n
from safespace.cli import main


class Shouting(gettext.NullTranslations):
    """Stands for a catalogue: translates into capitals."""

    def gettext(self, message: str) -> str:
        return message.upper()


@pytest.mark.parametrize("command", [[], *([name] for name in main.COMMANDS), ["models", "import"]])
def test_help_is_translated(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", Shouting())
    assert main.run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    ours = re.sub(r"Show (this message|the version) and exit\.", "", shown)
    described = [line for line in ours.splitlines() if not line.startswith("Usage:")]
    small = [word for line in described for word in line.split() if word.islower()]
    # options and the values they take are the same in every language
    assert all(word.startswith(("--", "[")) or word in _names() for word in small), small


def _names() -> set[str]:
    context = click.Context(main.safespace)
    found = set(main.COMMANDS)
    for name in main.COMMANDS:
        command = main.safespace.get_command(context, name)
        if isinstance(command, click.Group):
            found |= set(command.commands)
    return found
