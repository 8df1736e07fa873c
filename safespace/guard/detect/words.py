# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a text, taken apart once for all detectors that ask for words."""

import re
from collections.abc import Set
from functools import cached_property
from itertools import accumulate
from typing import Final

_WORD: Final = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_HYPHENS: Final = re.compile("['’-]")


class Words:
    """Column by column: a text has many words, and few are looked at closely."""

    def __init__(self, text: str) -> None:
        parts = _WORD.split(text)
        ends = list(accumulate(map(len, parts)))
        self.gap = parts[0::2]
        """What stands before each word, and behind the last."""
        self.text = parts[1::2]
        self.start, self.end = ends[0:-1:2], ends[1::2]
        self.plain = list(map(str.lower, self.text))

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def said(self) -> Set[str]:
        """Every word in small letters, and the parts of those that a hyphen joins."""
        said = set(self.plain)
        for joined in [word for word in said if not word.isalpha()]:
            said.update(_HYPHENS.split(joined))
        return said
