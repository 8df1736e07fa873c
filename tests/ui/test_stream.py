# SPDX-License-Identifier: AGPL-3.0-or-later
"""Splitting a growing answer into settled blocks and a tail."""

from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.ui.chat.stream import Stream

PIECES = st.lists(
    st.sampled_from(
        [
            "word ",
            "\n",
            "\n\n",
            "\n```\n",
            "\n~~~\n",
            "- item\n",
            "  more\n",
            "1. one\n",
            "# h\n",
        ]
    ),
    max_size=40,
)


@given(PIECES)
@settings(max_examples=200, derandomize=True)
def test_nothing_is_lost_or_changed_once_settled(pieces: list[str]) -> None:
    stream = Stream()
    settled = ""
    for piece in pieces:
        stream.add(piece)
        settled += stream.take_settled()
        assert settled + stream.tail == stream.text
    assert stream.text == "".join(pieces)


@given(PIECES)
@settings(max_examples=200, derandomize=True)
def test_an_open_fence_stays_in_the_tail(pieces: list[str]) -> None:
    stream = Stream()
    for piece in pieces:
        stream.add(piece)
    settled = stream.text[: len(stream.text) - len(stream.tail)]
    opened = ""
    for line in settled.splitlines():
        if line in ("```", "~~~"):
            opened = "" if opened == line else (opened or line)
    assert not opened


def test_a_blank_line_settles_what_came_before() -> None:
    stream = Stream()
    stream.add("First.\n")
    assert stream.take_settled() == ""
    stream.add("\nSecond")
    assert stream.take_settled() == "First.\n\n"
    assert stream.tail == "Second"


def test_a_blank_line_in_code_settles_nothing() -> None:
    stream = Stream()
    stream.add("```\na\n\nb\n")
    assert stream.take_settled() == ""
    stream.add("```\n\nafter")
    assert stream.take_settled() == "```\na\n\nb\n```\n\n"


def test_what_belongs_to_a_list_item_keeps_it_open() -> None:
    stream = Stream()
    stream.add("- one\n\n  more of one\n")
    assert stream.take_settled() == ""
