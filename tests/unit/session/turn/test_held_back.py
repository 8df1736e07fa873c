# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer passes in judged pieces: all of it, or up to where it does not."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from safespace.domain import Reason
from safespace.session.turn.held_back import HeldBack

PIECES = st.lists(st.text(alphabet="ab .!\n", max_size=30) | st.just("x" * 300), max_size=20)


def bad(text: str) -> Reason | None:
    return Reason("answer.topic") if "b" in text else None


@given(PIECES)
@settings(max_examples=200, derandomize=True)
def test_what_is_not_judged_passes_as_it_comes(pieces: list[str]) -> None:
    held = HeldBack(None)
    assert [held.add(piece) for piece in pieces] == pieces
    assert held.end() == ""


@given(PIECES)
@example(["a. ", "a b. ", "a. "])
@settings(max_examples=300, derandomize=True)
def test_whole_sentences_pass_up_to_the_one_that_does_not(pieces: list[str]) -> None:
    held = HeldBack(bad)
    shown = "".join([*(held.add(piece) for piece in pieces), held.end()])
    whole = "".join(pieces)
    assert "b" not in shown
    assert whole.startswith(shown)
    assert (held.reason is not None) == ("b" in whole)
    assert held.reason or shown == whole


def test_a_sentence_waits_for_its_end() -> None:
    held = HeldBack(bad)
    assert held.add("One sen") == ""
    assert held.add("tence. And") == "One sentence. "
    assert held.end() == "And"
    assert held.add("x" * 401) == "x" * 401
