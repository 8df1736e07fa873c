# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which stretches of text mean something like a question. Pure; no model is asked here.

A passage is cut into stretches, and a model makes a vector of each. Those that lie near the
question's are found in two steps, as in Yamada, Asai and Hajishirzi, "Efficient Passage Retrieval
with Hashing", ACL 2021: by how many signs differ, which one operation on a long number tells, and
of the nearest by their angle.

Something is always nearest. It counts if it stands out: beyond what the best of so many that
have nothing to do with the question reach by chance, sqrt(2 ln n) deviations in a normal
distribution, and half a deviation. The distribution is that of all stretches together with
sentences about everyday things (`everyday`), and its deviation that of the farther half.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt
from operator import mul
from struct import Struct, error
from typing import Final

LONGEST: Final = 600
"""Characters of a stretch: some hundred words, of which a vector still tells what they mean."""
_MARGIN: Final = 0.5
"""Deviations."""
_BY_ANGLE: Final = 256
"""So many, nearest by their signs, are compared by their angle."""
_END: Final = re.compile(r"[.!?。！？]\s*|\n+")
_HEAD: Final = Struct("<H")
_PLACE: Final = Struct("<HH")
_SIGNS: Final = bytes(128) + b"\1" * 128
"""A signed byte's sign."""

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Near:
    """A stretch of a passage, in characters, and how near its meaning lies: 1 is the same."""

    passage: int
    start: int
    end: int
    likeness: float


def stretches(text: str) -> list[Stretch]:
    """`text` in stretches of at most LONGEST characters, ended where sentences or words do."""
    found, start = [], 0
    while len(text) - start > LONGEST:
        end = _cut(text, start)
        found.append((start, end))
        start = end
    return [*found, (start, len(text))]


def _cut(text: str, start: int) -> int:
    latest = start + LONGEST
    ends = [match.end() for match in _END.finditer(text, start + LONGEST // 2, latest)]
    return ends[-1] if ends else text.rfind(" ", start + 1, latest) + 1 or latest


def packed(stretches_: Sequence[Stretch], vectors: Sequence[bytes]) -> bytes:
    """The stretches of a passage with their vectors, to be kept. Each vector is as long."""
    width = len(vectors[0])
    both = zip(stretches_, vectors, strict=True)
    return _HEAD.pack(width) + b"".join(_PLACE.pack(*place) + vector for place, vector in both)


def unpacked(kept: bytes) -> Iterator[tuple[Stretch, bytes]]:
    """What `packed` made; of anything else nothing, or as far as it makes sense."""
    try:
        (width,) = _HEAD.unpack_from(kept)
        for place in range(_HEAD.size, len(kept), _PLACE.size + width):
            begin = place + _PLACE.size
            if begin + width > len(kept):
                return
            yield _PLACE.unpack_from(kept, place), kept[begin : begin + width]
    except error:
        return


def near(
    question: bytes, kept: Iterable[tuple[int, bytes]], everyday: Sequence[bytes], limit: int
) -> list[Near]:
    """At most `limit` passages with a stretch that stands out, the nearest first.

    `kept` are passages and what `packed` made of them; `everyday` the vectors of sentences that
    have nothing to do with anything in particular. All by the model that made `question`.
    """
    asked = _signs(question)
    found = [
        ((_signs(vector) ^ asked).bit_count(), passage, place, vector)
        for passage, made in kept
        for place, vector in unpacked(made)
        if len(vector) == len(question)
    ]
    differing = [one[0] for one in found]
    differing += [(_signs(vector) ^ asked).bit_count() for vector in everyday]
    most = _stands_out(differing)
    nearest = sorted((one for one in found if one[0] < most), key=lambda one: one[0])
    best: dict[int, Near] = {}
    for _differing, passage, (start, end), vector in nearest[:_BY_ANGLE]:
        one = Near(passage, start, end, cosine(question, vector))
        if passage not in best or best[passage].likeness < one.likeness:
            best[passage] = one
    return sorted(best.values(), key=lambda one: -one.likeness)[:limit]


def _stands_out(differing: Sequence[int]) -> float:
    """As many signs at most may differ."""
    if len(differing) < 2:
        return 0
    middle = sorted(differing)[len(differing) // 2]
    farther = [one - middle for one in differing if one >= middle]
    deviation = sqrt(sum(map(mul, farther, farther)) / len(farther))
    return middle - deviation * (sqrt(2 * log(len(differing))) + _MARGIN)


def cosine(one: bytes, other: bytes) -> float:
    """Of the angle between two vectors of signed bytes; 0 if one of them has no direction."""
    a, b = array("b", one), array("b", other)
    lengths = sqrt(sum(map(mul, a, a)) * sum(map(mul, b, b)))
    return sum(map(mul, a, b)) / lengths if lengths else 0.0


def _signs(vector: bytes) -> int:
    return int.from_bytes(vector.translate(_SIGNS), "little")
