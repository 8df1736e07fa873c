# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passages by some of their letters, for scripts that put no spaces between words.

The index of trigrams knows them: what has three letters or more is looked for as it is, and a
pair by all trigrams that begin with it (https://www.sqlite.org/fts5.html, section 4.3.4 and 6).
"""

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Final

from safespace.store.connection import Database
from safespace.store.rooms.query import TRIGRAM, Term, match

_LAST_LETTER: Final = "\U0010ffff"
_MOST: Final = 64
"""Rows of letters that one question looks for."""


def holding(
    database: Database, some: Sequence[str], among: str, values: Sequence[object], limit: int
) -> list[int]:
    """Ids of passages with any of these rows of letters, the rarest of them counting most.

    Only those that the query `among`, with its `values`, gives as `id`.
    """
    wanted = some[:_MOST]
    if not wanted:
        return []
    database.change(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_letters"
        " USING fts5vocab('main', 'passage_trigrams', 'instance')"
    )
    parts, bound = [], list[object]()
    for number, letters in enumerate(wanted):
        if len(letters) < TRIGRAM:
            parts.append(
                f"SELECT {number}, doc FROM temp.passage_letters WHERE term >= ? AND term < ?"
            )
            bound += [letters, letters + _LAST_LETTER]
        else:
            parts.append(
                f"SELECT {number}, rowid FROM passage_trigrams WHERE passage_trigrams MATCH ?"
            )
            bound.append(match([Term(letters, unspaced=True)]))
    found = database.rows(
        f"WITH hit (letters, passage) AS ({' UNION '.join(parts)})"
        f" SELECT letters, passage FROM hit WHERE passage IN ({among})",
        *(*bound, *values),
    )
    spread = Counter(letters for letters, _passage in found)
    places = len({passage for _letters, passage in found})
    scores = Counter[int]()
    for letters, passage in found:
        scores[passage] += log(1 + places / spread[letters])  # type: ignore[assignment]
    return [passage for passage, _score in scores.most_common(limit)]
