# SPDX-License-Identifier: AGPL-3.0-or-later
"""A yes is a yes in the member's language; everything else is a no, asked once."""

import click
import pytest
from click.testing import CliRunner

from safespace import i18n, paths
from safespace.cli.yes_or_no import said_yes


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue)
    i18n.use(paths.assets() / "locale", "de")


def asked(typed: str) -> tuple[bool, str]:
    said: list[bool] = []

    @click.command()
    def command() -> None:
        said.append(said_yes("Go on?"))

    ran = CliRunner().invoke(command, input=typed, catch_exceptions=False)
    return said[0], ran.output


@pytest.mark.parametrize("typed", ["y\n", "Yes\n", " YE \n"])
def test_a_yes_is_a_yes(typed: str) -> None:
    assert asked(typed)[0]


@pytest.mark.parametrize("typed", ["\n", "", "n\n", "no\n", "hello\ny\n", "yesterday\n", "j\n"])
def test_everything_else_is_a_no_and_is_asked_once(typed: str) -> None:
    yes, printed = asked(typed)
    assert not yes
    assert printed.count("Go on? [y/N]") == 1


def test_a_member_says_yes_in_their_language(german: None) -> None:
    assert asked("j\n")[0]
    yes, printed = asked("y\n")
    assert not yes
    assert "[j/N]" in printed
