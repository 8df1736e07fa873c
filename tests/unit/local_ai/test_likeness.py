# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which stretches are near a question: what holds of any text and of any vectors."""

import random
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from safespace.local_ai.likeness import (
    LONGEST,
    cosine,
    near,
    packed,
    stretches,
    unpacked,
)

WIDTH = 64
texts = st.text(alphabet="abc äöü.!?。\n ", max_size=3000)
vectors = st.binary(min_size=8, max_size=8)


@given(texts)
def test_stretches_are_the_whole_text_in_order(text: str) -> None:
    places = stretches(text)
    assert "".join(text[start:end] for start, end in places) == text
    assert all(end - start <= LONGEST for start, end in places)
    assert all(end > start for start, end in places) or not text


def test_a_stretch_ends_where_a_sentence_does() -> None:
    text = "The rent is due in March. " * 100
    assert all(text[:end].endswith("March. ") for _start, end in stretches(text))


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000), vectors), min_size=1))
def test_what_is_packed_comes_out(kept: list[tuple[int, int, bytes]]) -> None:
    made = packed([(a, b) for a, b, _v in kept], [v for _a, _b, v in kept])
    assert list(unpacked(made)) == [((a, b), v) for a, b, v in kept]
    for cut in range(len(made)):
        assert len(list(unpacked(made[:cut]))) <= len(kept)


@given(st.binary(max_size=40))
def test_nothing_that_is_kept_breaks_it(kept: bytes) -> None:
    assert isinstance(near(b"12345678", [(1, kept)], [b"abcdefgh"], 3), list)


@given(vectors, vectors)
def test_the_angle_is_one(one: bytes, other: bytes) -> None:
    assert -1.0001 <= cosine(one, other) <= 1.0001
    assert cosine(one, other) == cosine(other, one)
    if any(one):
        assert abs(cosine(one, one) - 1) < 1e-9
    assert cosine(bytes(8), one) == 0


def _drawn(draw: random.Random, like: list[float] | None = None, share: float = 0.0) -> list[float]:
    away = [draw.gauss(0, 1) for _number in range(WIDTH)]
    if like is None:
        return away
    return [share * a + sqrt(1 - share**2) * b for a, b in zip(like, away, strict=True)]


def _bytes(vector: list[float]) -> bytes:
    scale = 127 / max(map(abs, vector))
    return bytes(round(value * scale) & 0xFF for value in vector)


def test_what_is_alike_is_found_and_nothing_else() -> None:
    """Of a thousand drawn at random, those three that were made alike; of the rest, hardly any."""
    draw = random.Random(7)  # noqa: S311  # vectors, no secret
    question = _drawn(draw)
    alike = {500: 0.95, 501: 0.9, 502: 0.85}
    kept = [
        (number, packed([(0, 9)], [_bytes(_drawn(draw, question, alike.get(number, 0.0)))]))
        for number in range(1000)
    ]
    everyday = [_bytes(_drawn(draw)) for _sentence in range(24)]
    found = near(_bytes(question), kept, everyday, 10)
    assert [one.passage for one in found] == [500, 501, 502]
    assert [one.likeness for one in found] == sorted((o.likeness for o in found), reverse=True)
    strangers = [near(_bytes(_drawn(draw)), kept, everyday, 10) for _question in range(50)]
    assert sum(map(bool, strangers)) <= 5


def test_of_a_passage_the_best_stretch_counts() -> None:
    draw = random.Random(8)  # noqa: S311  # as above
    question = _drawn(draw)
    three = [_bytes(_drawn(draw, question, share)) for share in (0.0, 0.98, 0.9)]
    everyday = [_bytes(_drawn(draw)) for _sentence in range(24)]
    (one,) = near(_bytes(question), [(4, packed([(0, 5), (5, 9), (9, 20)], three))], everyday, 3)
    assert (one.passage, one.start, one.end) == (4, 5, 9)


def test_another_models_vectors_are_passed_over() -> None:
    """Even one that would stand out; one as long does."""
    far = [b"\xff" * 8] * 24
    for alike, found in ((b"\1" * 8, 1), (b"\1" * 4, 0)):
        assert len(near(b"\1" * 8, [(1, packed([(0, 1)], [alike]))], far, 3)) == found
