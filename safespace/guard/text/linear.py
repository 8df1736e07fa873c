# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small linear model of our own: hashed features, a weight each, one sum.

Trained by `tools/train.py` from texts in this repository. Its file is a head (a name, how many
weights, what they are scaled by, what the sum begins with) and one signed byte per weight.
"""

import struct
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from zlib import crc32

HEAD: Final = struct.Struct("<4sIdd")
NAME: Final = b"SSL1"


class Linear:
    """Adds up what features weigh. Immutable once read; any thread."""

    def __init__(self, file: Path) -> None:
        """Raises OSError or ValueError when the file cannot be read or is none of ours."""
        raw = file.read_bytes()
        if len(raw) < HEAD.size:
            raise ValueError("no model")
        name, count, scale, bias = HEAD.unpack_from(raw)
        self._scale, self._bias = float(scale), float(bias)
        self._weights = array("b", raw[HEAD.size :])
        if name != NAME or count != len(self._weights) or not count:
            raise ValueError("no model")

    def score(self, features: Iterable[str]) -> float:
        """Above 0: rather yes. The further from 0, the surer."""
        weights, count = self._weights, len(self._weights)
        return self._bias + self._scale * sum(
            weights[crc32(feature.encode("utf-8", "replace")) % count] for feature in features
        )


def word_features(word: str) -> list[str]:
    """Of a word in small letters: itself, and two to five letters in a row, its ends marked."""
    marked = f"<{word}>"
    return [
        f"={word}",
        *(
            marked[at : at + length]
            for length in range(2, 6)
            for at in range(len(marked) - length + 1)
        ),
    ]


def sentence_features(words: Sequence[str]) -> list[str]:
    """Of a sentence split by `lexicon.words`: its words, how they begin, and pairs of them."""
    pairs = zip(("", *words), (*words, ""), strict=True)
    return [
        *{f"={word}" for word in words},
        *{f"^{word[:length]}" for word in words for length in (4, 6) if len(word) > length},
        *{f"{one} {other}" for one, other in pairs},
    ]
