# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a text stand where they were written, and what joins them can be asked for."""

from hypothesis import given
from hypothesis import strategies as st

from safespace.guard.detect.words import Words


@given(st.text(st.characters(categories=("L", "N", "P", "Z")), max_size=80))
def test_words_and_gaps_are_the_whole_text(text: str) -> None:
    words = Words(text)
    assert len(words.gap) == len(words) + 1
    for at, word in enumerate(words.text):
        assert text[words.start[at] : words.end[at]] == word
        assert words.gap[at] == text[words.end[at - 1] if at else 0 : words.start[at]]
    assert words.gap[-1] == text[words.end[-1] if len(words) else 0 :]


def test_parts_of_joined_words_are_said_too() -> None:
    assert Words("Ada's step-son, 3rd").said == {
        "ada's", "ada", "s", "step-son", "step", "son", "rd",
    }  # fmt: skip
    assert not Words("12 - 3").said
