# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands on spaces: each is documented, has stable JSON, and its exit codes are known."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from safespace import errors
from safespace.cli.space import space

DOCUMENTED = (Path(__file__).parents[3] / "docs" / "commands.md").read_text("utf-8")


def known(kind: type[errors.Known] = errors.Known) -> Iterator[type[errors.Known]]:
    yield kind
    for below in kind.__subclasses__():
        yield from known(below)


def test_every_command_is_documented_and_answers_in_json() -> None:
    issue = "create list unlock-check lock passphrase recovery backup restore verify export erase"
    assert set(issue.split()) <= set(space.commands)
    for name, command in space.commands.items():
        assert re.search(rf"^\| `safespace space {name}\b", DOCUMENTED, re.MULTILINE), name
        assert command.help, name
        options = {option for one in command.params for option in one.opts}
        assert isinstance(command, click.Group) or "--json" in options, name


def test_every_exit_code_is_documented() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", DOCUMENTED, re.MULTILINE)}
    assert {kind.exit_code for kind in known()} <= codes
    assert {0, 1, 2, 130} <= codes
