# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person types into a search, as terms, and as expressions that FTS5 can read.

Words must all be there; what stands in quotation marks stays together; the last term may be
unfinished. https://www.sqlite.org/fts5.html, section 3, is the grammar of an expression.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1_000
"""Characters of a search that are read; the rest is passed over."""
MOST_TERMS: Final = 32

_MARKS: Final = '"“”„«»'
_PIECE: Final = re.compile(rf"[{_MARKS}]([^{_MARKS}]*)([{_MARKS}]?)|([^\s{_MARKS}]+)")
UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""The scripts whose text `migrations` indexes by trigrams."""
TRIGRAM: Final = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase. `unfinished`: its last word may go on. `unspaced`: in a script that
    puts no spaces between words, so that it may stand inside a longer row of letters.
    """

    text: str
    unfinished: bool = False
    unspaced: bool = False

    @property
    def expression(self) -> str:
        """The term for MATCH, which takes all that is quoted as it is."""
        quoted = '"' + self.text.replace('"', '""') + '"'
        return f"{quoted}*" if self.unfinished and not self.unspaced else quoted


def terms(untrusted: str) -> tuple[Term, ...]:
    """The terms in what was typed, none of them without a letter or a digit. Never raises."""
    typed = untrusted[:LONGEST].replace("\0", " ")  # SQLite ends a text there
    found = []
    for phrase, closing, word in _PIECE.findall(typed):
        text = (phrase or word).strip()
        if any(map(str.isalnum, text)):
            found.append(Term(text, not closing, bool(UNSPACED.search(text))))
    del found[MOST_TERMS:]
    finished = [Term(term.text, unspaced=term.unspaced) for term in found[:-1]]
    return (*finished, *found[-1:])


def match(of: Iterable[Term]) -> str:
    """The expression that is true where all these terms are."""
    return " ".join(term.expression for term in of)
