# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer is read wherever it was cut apart; what is none ends it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.coop.completion import Completion, Misshapen


def chunk(words: str | None, ended: str | None = None) -> str:
    delta = {} if words is None else {"content": words}
    return f"data: {json.dumps({'choices': [{'delta': delta, 'finish_reason': ended}]})}\n\n"


def read(*parts: bytes) -> tuple[str, bool]:
    completion = Completion()
    words = "".join(word for part in parts for word in completion.feed(part))
    return words, completion.whole


@given(st.lists(st.text(max_size=8), max_size=6), st.lists(st.integers(1, 40), max_size=30))
@settings(max_examples=150, derandomize=True)
def test_every_word_comes_however_the_bytes_were_cut(words: list[str], cuts: list[int]) -> None:
    whole = "".join(
        [": a comment\n\n", *map(chunk, words), chunk(None, "stop"), "data: [DONE]\n\n"]
    )
    rest, parts = whole.encode(), []
    for cut in cuts:
        parts.append(rest[:cut])
        rest = rest[cut:]
    assert read(*parts, rest) == ("".join(words), True)


def test_an_answer_that_was_cut_short_is_not_whole() -> None:
    assert read(chunk("one").encode()) == ("one", False)
    assert read(chunk("one", "length").encode()) == ("one", False)


def test_nothing_counts_after_the_end() -> None:
    text = chunk("one", "stop") + "data: [DONE]\n\n" + chunk("two")
    assert read(text.encode()) == ("one", True)


@pytest.mark.parametrize(
    "odd",
    [
        b"data: {}\n",
        b"data: []\n",
        b"data: {\n",
        b'data: {"choices": [1]}\n',
        b'data: {"choices": [{"delta": 1}]}\n',
        b"data: \xff\n",
        b"data: " + b"[" * 100_000 + b"\n",
        b"x" * (1 << 20) + b"x",
    ],
)
def test_what_is_no_answer_ends_it(odd: bytes) -> None:
    with pytest.raises(Misshapen):
        read(odd)


@given(st.binary(max_size=200))
@settings(max_examples=200, derandomize=True)
def test_garbage_is_an_answer_or_none(garbage: bytes) -> None:
    with suppress(Misshapen):
        read(b"data: " + garbage, b"\n")
