# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model says reaches a terminal as text, never as a command to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.cli.output import show_words


@pytest.mark.parametrize(
    "hostile", ["\x1b]52;c;cm0gLXJm\x07", "\x1b[2J", "\x9b31m", "\r", "\x08", "\ud800"]
)
def test_what_commands_a_terminal_is_shown_as_a_sign(
    hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_words(f"before {hostile} after")
    shown = capsys.readouterr().out
    assert shown.startswith("before \N{REPLACEMENT CHARACTER}")
    assert shown.endswith(" after")
    assert not set(shown) & set("\x1b\x9b\x07\x08\r")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")))
def test_every_other_text_stays_as_it_is(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shown: list[str] = []
        patch.setattr("click.echo", lambda words, **_how: shown.append(words))
        show_words(text)
    assert shown == [text]
