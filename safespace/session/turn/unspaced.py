# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a text is about where its script puts no spaces between words: its rows of letters.

Two letters in a row where one is a syllable or a word, as in Chinese and Japanese; four where
letters are sounds, as in Thai. Some lie across two words, so fewer need to fit than of words.
"""

import re
from collections.abc import Iterator
from typing import Final

from safespace.store.rooms.query import UNSPACED

_RUN: Final = re.compile(f"{UNSPACED.pattern}+")
_SOUNDS: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_PAIR, _FOUR = 2, 4
_SMALL: Final = re.compile(
    "[的了是在吗嗎呢么麼什怎哪谁誰这這那个個们們和与與或就也都不没沒有会會能要请請问問吧啊呀多几幾候]"
    "|^[\u3040-\u309f]+$"
)
"""Of pairs: what nearly every Chinese question has, and Japanese endings."""


def rows_of_letters(text: str) -> list[str]:
    """Those that tell what `text` is about; if none does, all."""
    found = list(dict.fromkeys(row for run in _RUN.findall(text) for row in _rows(run)))
    return [row for row in found if not _SMALL.search(row)] or found


def without(text: str) -> str:
    """The rest of `text`, which has spaces."""
    return _RUN.sub(" ", text)


def is_row(stem: str) -> bool:
    """Whether a stem is a row of letters."""
    return bool(UNSPACED.search(stem))


def _rows(run: str) -> Iterator[str]:
    length = _FOUR if _SOUNDS.search(run) else _PAIR
    for start in range(max(1, len(run) - length + 1)):
        row = run[start : start + length]
        if len(row) > 1:
            yield row
