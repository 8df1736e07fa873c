# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frames: what goes in comes out, and nothing else does."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.local_ai.engine import Begun, ChatTurn, Done, Generation
from safespace.local_ai.machine import Card
from safespace.local_ai.protocol import (
    MAX_CHARACTERS,
    MAX_REPLY,
    MAX_REQUEST,
    MAX_STATE,
    MAX_VECTORS,
    MOST_WIDTH,
    BadFrame,
    Cancel,
    Describe,
    Described,
    Embed,
    Embedded,
    Failed,
    Frame,
    Keep,
    Kept,
    Load,
    Loaded,
    Piece,
    Recall,
    Recalled,
    encode,
    read_reply,
    read_request,
)

counts = st.integers(0, 2**53 - 1)
numbers = st.floats(0, 2**52)
text = st.text(st.characters())
turns = st.lists(
    st.builds(ChatTurn, st.sampled_from(["system", "user", "assistant"]), text), min_size=1
).map(tuple)
requests = st.one_of(
    st.builds(Load, text, counts, counts),
    st.builds(Load, text, counts, counts, text, numbers, st.booleans()),
    st.builds(Embed, st.lists(text).map(tuple)),
    st.just(Keep()),
    st.builds(Recall, st.integers(0, MAX_STATE)),
    st.builds(Generation, turns, counts, numbers, counts, st.text(max_size=20)),
    st.just(Cancel()),
    st.just(Describe()),
)
cards = st.builds(Card, text, counts, counts, st.booleans())
replies = st.one_of(
    st.builds(Described, text, st.lists(text).map(tuple), st.lists(cards, max_size=3).map(tuple)),
    st.builds(Loaded, counts),
    st.builds(Kept, counts, st.integers(0, MAX_STATE)),
    st.builds(Recalled, counts),
    st.builds(Embedded, st.integers(0, MOST_WIDTH), st.integers(0, MAX_VECTORS)),
    st.builds(Begun, counts, counts, counts, counts, st.booleans()),
    st.builds(Piece, text, counts),
    st.builds(Done, counts, numbers, numbers, st.sampled_from(["complete", "length", "stopped"])),
    st.builds(
        Failed,
        st.sampled_from(["damaged", "no_template", "no_memory", "too_long"]),
        counts,
        counts,
        counts,
    ),
)
few = settings(derandomize=True, max_examples=100, deadline=None)


@few
@given(counts, requests)
def test_every_request_survives_the_pipe(number: int, request: Any) -> None:
    line = encode(Frame(number, request))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read_request(line) == (number, request)


@few
@given(counts, replies)
def test_every_reply_survives_the_pipe(number: int, reply: Any) -> None:
    line = encode(Frame(number, reply))
    assert line.count(b"\n") == 1
    assert read_reply(line) == (number, reply)


def test_a_lone_surrogate_survives() -> None:
    assert read_reply(encode(Frame(1, Piece("\ud83d", 1)))) == (1, Piece("\ud83d", 1))


def test_as_many_characters_as_promised_fit_a_request() -> None:
    line = encode(Frame(1, Generation((ChatTurn("user", "😀" * MAX_CHARACTERS),), 1)))
    assert len(line) <= MAX_REQUEST


@few
@given(st.binary())
def test_garbage_is_no_frame(garbage: bytes) -> None:
    with pytest.raises(BadFrame):
        read_reply(garbage)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@few
@given(replies, st.data())
def test_one_wrong_field_spoils_a_frame(reply: Any, data: st.DataObject) -> None:
    whole = json.loads(encode(Frame(7, reply)))
    key = data.draw(st.sampled_from([*whole, "more"]))
    value = data.draw(json_values)
    spoilt = json.dumps({**whole, key: value}).encode()
    try:
        number, read = read_reply(spoilt)
    except BadFrame:
        return
    # The value happened to fit: then it arrived as it was sent.
    assert json.loads(encode(Frame(number, read))) == {**whole, key: value}


WHOLE = {"v": 1, "id": 3, "type": "text", "text": "hello", "tokens": 1}


@pytest.mark.parametrize(
    "spoilt",
    [
        {**WHOLE, "v": 2},
        {**WHOLE, "v": True},
        {**WHOLE, "v": "1"},
        {**WHOLE, "id": -1},
        {**WHOLE, "id": True},
        {**WHOLE, "id": 2**53},
        {**WHOLE, "type": "load"},
        {**WHOLE, "type": ["text"]},
        {**WHOLE, "type": "no such"},
        {**WHOLE, "text": None},
        {**WHOLE, "tokens": 1.0},
        {**WHOLE, "more": 1},
        {key: value for key, value in WHOLE.items() if key != "tokens"},
        {"v": 1, "id": 1, "type": "done", "tokens": 1, "ttft_ms": -1, "tokens_per_s": 1,
         "ended": "complete"},
        {"v": 1, "id": 1, "type": "done", "tokens": 1, "ttft_ms": "1", "tokens_per_s": 1,
         "ended": "complete"},
        {"v": 1, "id": 1, "type": "done", "tokens": 1, "ttft_ms": 1, "tokens_per_s": 1,
         "ended": "finished"},
        [WHOLE],
        None,
    ],
)  # fmt: skip
def test_a_reply_must_be_exactly_right(spoilt: object) -> None:
    assert read_reply(json.dumps(WHOLE).encode()) == (3, Piece("hello", 1))
    with pytest.raises(BadFrame):
        read_reply(json.dumps(spoilt).encode())


@pytest.mark.parametrize(
    "turns",
    [[], None, "hello", ["hello"], [{"role": "user"}], [{"role": "tool", "text": "x"}],
     [{"role": "user", "text": 1}], [{"role": "user", "text": "x", "more": 1}]],
)  # fmt: skip
def test_turns_must_be_exactly_right(turns: object) -> None:
    request = {"v": 1, "id": 1, "type": "generate", "turns": [{"role": "user", "text": "x"}],
               "max_tokens": 1, "temperature": 0, "seed": 0, "grammar": "", "top_p": 1,
               "repeat_penalty": 1, "beside": ""}  # fmt: skip
    assert read_request(json.dumps(request).encode())[0] == 1
    with pytest.raises(BadFrame):
        read_request(json.dumps({**request, "turns": turns}).encode())


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"{", b'{"v":NaN}', b"[" * 100_000, b'"\xff"', b"1" * 5000,
     json.dumps(WHOLE).encode("utf-16")],
)  # fmt: skip
def test_what_is_not_json_is_no_frame(line: bytes) -> None:
    with pytest.raises(BadFrame):
        read_reply(line)


def test_too_long_a_line_is_not_even_parsed() -> None:
    longest = json.dumps(WHOLE).encode().ljust(MAX_REPLY)
    assert read_reply(longest) == (3, Piece("hello", 1))
    with pytest.raises(BadFrame, match="too long"):
        read_reply(longest + b" ")
