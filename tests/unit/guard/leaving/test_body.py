# SPDX-License-Identifier: AGPL-3.0-or-later
"""What leaves has one form, and no place in it where something could hide."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.domain import Destination, Errand
from safespace.guard.leaving.body import canonical, words_of

THERE = Destination("https://site.example/v1/chat/completions")
TURNS = st.lists(
    st.tuples(
        st.sampled_from(("assistant", "system", "user")),
        st.text(st.characters(codec="utf-8")),
    ),
    min_size=1,
    max_size=4,
)


@settings(derandomize=True, max_examples=200)
@given(TURNS)
def test_every_word_is_read_as_the_far_side_reads_it(turns: list[tuple[str, str]]) -> None:
    parameters = (("max_tokens", 5), ("stream", True), ("temperature", 0.5))
    body = canonical("m", turns, parameters)
    words = words_of(Errand(THERE, body, "m", parameters))
    assert words == "\n".join(one["content"] for one in json.loads(body)["messages"])
    assert all(content in words for _role, content in turns)


@settings(derandomize=True, max_examples=200)
@given(st.binary(max_size=60))
def test_other_bytes_are_no_task(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        words_of(Errand(THERE, body, "m"))


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b'"Hello"', b'"\\u0048ello"'),  # written another way
        lambda body: body.replace(b'{"content"', b'{"content":"other","content"', 1),
        lambda body: body[:-1] + b',"user":"ada@example.org"}',
        lambda body: body.replace(b'"role":"user"', b'"name":"Ada","role":"user"'),
        lambda body: body + b" ",
        lambda _body: b"[" * 100_000,
        lambda _body: b"{}",
        lambda _body: b'{"messages":[{"content":"","role":"tool"}],"model":"m"}',
        lambda _body: b'{"messages":[],"model":"m"}',
        lambda body: body.replace(b'"m"', b'"n"'),
        lambda body: body.decode().encode("utf-16"),
    ],
)
def test_what_is_hidden_beside_the_words_makes_it_none(change: object) -> None:
    assert callable(change)
    body = canonical("m", [("user", "Hello")], ())
    assert words_of(Errand(THERE, body, "m")) == "Hello"
    with pytest.raises(ValueError, match=r".+"):
        words_of(Errand(THERE, change(body), "m"))


@pytest.mark.parametrize(
    ("turns", "parameters"),
    [
        ([("user", "half \ud800")], ()),
        ([("user", "x")], (("user", 5),)),
        ([("user", "x")], (("seed", True),)),
        ([("user", "x")], (("temperature", float("nan")),)),
        ([("user", "x")], (("seed", 1), ("seed", 1))),
        ([], ()),
    ],
)
def test_what_has_no_place_in_it(
    turns: list[tuple[str, str]], parameters: tuple[tuple[str, int | float | bool], ...]
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical("m", turns, parameters)
