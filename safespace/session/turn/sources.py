# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which passages of a member's documents go along with a question, and which words of them.

A passage goes along if it has at least half of the words that tell what the question is about,
or a third of its rows of letters where a script does not part words (`unspaced`); so what is
not in the documents is told from what is. Where a model that finds has read the documents, so
does one that means something like the question (`meaning`). Nothing a passage says is obeyed:
the decision was made on the question alone, and the model is told that it reads quotations.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from safespace.domain import Document, Level, Message, Passage, Source
from safespace.guard.text.lexicon import words
from safespace.local_ai.likeness import Near
from safespace.session.turn.desk import Desk
from safespace.session.turn.unspaced import is_row, rows_of_letters, without
from safespace.store.rooms.fusion import fused

MOST: Final = 3
"""So many passages go along with a question."""
ROOM: Final = 500
"""Characters of each."""
_LOOKED_AT: Final = 24
_SHORTEST: Final = 3
_ENDING: Final = 2
"""Letters at the end of a long word that its other forms need not share."""
_WORDS, _ROWS = 2, 3
"""What a word counts, and a row of letters: rows across two words are in no other sentence."""
_TOKEN: Final = re.compile(r"\w+")

SWITCH: Final = "assistant.documents"

Small = Callable[[str], bool]
"""Whether a word is one of those that texts about anything have."""


def go_along(desk: Desk, level: Level | None) -> bool:
    """Whether documents are read for answers: from level 2 up, once the member says so."""
    return level is not None and level >= Level.AT_MY_SIDE and desk.get(SWITCH) == "on"


def keep_here(desk: Desk, path: Sequence[Message], level: Level | None) -> bool:
    """Whether a conversation stays on this computer for what was read of documents in it."""
    if any(message.mark and message.mark.sources for message in path):
        return True
    return go_along(desk, level) and bool(desk.space.documents.every(path[-1].conversation))


def about(question: str, small: Small) -> tuple[tuple[str, ...], bool]:
    """The stems of what a question is about, and whether it is about anything: if not, they are
    those of all its words. Where words are not told apart, rows of letters are among them.
    """
    rows = rows_of_letters(question)
    long = [w for w in dict.fromkeys(words(without(question))) if len(w) >= _SHORTEST]
    telling = [word for word in long if not small(word)]
    stems = dict.fromkeys(map(stem, telling or ([] if rows else long)))
    return (*stems, *rows), bool(telling or rows)


def stem(word: str) -> str:
    """How the other forms of a word begin as well."""
    return word[: max(_SHORTEST + 1, len(word) - _ENDING)]


def found(passages: Iterable[Passage], stems: Sequence[str]) -> list[Source]:
    """The places that fit, as good as they come: the best passages are given first."""
    chosen = []
    for passage in passages:
        start, end, seen = window(passage.text, stems)
        if seen and enough(seen, stems):
            chosen.append((len(seen), Source(passage.document, passage.id, start, end)))
    chosen.sort(key=lambda one: -one[0])
    return [source for _seen, source in chosen]


def meant(passages: Mapping[int, Passage], near: Sequence[Near]) -> list[Source]:
    """The places that mean something like the question, in their order."""
    places = []
    for one in near:
        if passage := passages.get(one.passage):
            start, end = _widened(passage.text, one.start, min(one.end, one.start + ROOM))
            places.append(Source(passage.document, passage.id, start, end))
    return places


def together(by_words: Sequence[Source], by_meaning: Sequence[Source]) -> list[Source]:
    """At most MOST places, of each passage one: where its words are, if they are in it."""
    places = {source.passage: source for source in (*by_meaning, *by_words)}
    rankings = [[source.passage for source in ranking] for ranking in (by_words, by_meaning)]
    return [places[passage] for passage in fused(rankings)[:MOST]]


def enough(seen: Collection[str], stems: Sequence[str]) -> bool:
    """Whether that is half of the words, or a third of the rows of letters, or a mean of them."""
    return sum(_ROWS if is_row(one) else _WORDS for one in seen) >= len(stems)


def window(text: str, stems: Sequence[str]) -> tuple[int, int, frozenset[str]]:
    """The part of `text`, of ROOM characters, with the most of `stems`: its place, and those."""
    marks = sorted(_marks(text, stems))
    best, place = frozenset[str](), (0, 0)
    first = 0
    for last, (_start, end, _which) in enumerate(marks):
        while end - marks[first][0] > ROOM:
            first += 1
        seen = frozenset(which for _s, _e, which in marks[first : last + 1])
        if len(seen) > len(best):
            best, place = seen, (marks[first][0], end)
    start, end = _widened(text, *place) if best else (0, 0)
    return start, end, best


def _marks(text: str, stems: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where one of the stems begins a word, or one of the rows of letters stands."""
    spaced = [one for one in stems if not is_row(one)]
    for match in _TOKEN.finditer(text):
        word = "".join(words(match[0]))
        if hit := next((one for one in spaced if word.startswith(one)), None):
            yield match.start(), match.end(), hit
    rows = sorted((one for one in stems if is_row(one)), key=len, reverse=True)
    if rows:
        overlapping = re.compile(f"(?=({'|'.join(map(re.escape, rows))}))")
        for match in overlapping.finditer(text):
            yield match.start(1), match.end(1), match[1]


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """As much before and after as there is room for, ended where sentences or words do."""
    spare = max(0, ROOM - (end - start)) // 2
    low, high = max(0, start - spare), min(len(text), end + spare)
    if low:
        begins = re.search(r"[.!?\n]\s+", text[low:start]) or re.search(r"\s", text[low:start])
        low += begins.end() if begins else 0
    if high < len(text):
        ends = [match.end() for match in re.finditer(r"[.!?](?=\s)|\n", text[end:high])]
        space = text.rfind(" ", end, high)
        high = end + ends[-1] if ends else space if space > end else high
    return low, high


def seek(
    desk: Desk, path: Sequence[Message], may_be_read: Callable[[str], bool]
) -> tuple[list[Source], list[str]]:
    """What goes along with the question that ends `path`, and how the model reads it.

    Of the documents attached to the conversation, or else of all. Of what is attached, the
    beginning fits "summarise this", which is about nothing else.
    """
    stems, telling = about(path[-1].text, desk.computer.reader.is_small)
    attached = desk.space.documents.every(path[-1].conversation)
    within = [document.id for document in attached] or None
    passages = _readable(desk.space.passages.fitting(stems, _LOOKED_AT, within), may_be_read)
    near = desk.meaning.near(path[-1].text, _LOOKED_AT, within)
    alike = _readable(desk.space.passages.these([one.passage for one in near]), may_be_read)
    sources = together(found(passages.values(), stems), meant(alike, near))
    passages |= alike
    if attached and not sources and not telling:
        first = [desk.space.passages.of(document.id)[:MOST] for document in attached]
        passages = _readable([one for some in first for one in some], may_be_read)
        sources = [
            Source(one.document, one.id, 0, min(ROOM, len(one.text))) for one in passages.values()
        ][:MOST]
    titles = {one.id: one for one in attached or desk.space.documents.every()}
    sources = [one for one in sources if one.document in titles]  # some may be gone meanwhile
    return sources, [
        _as_read(number, titles[source.document], passages[source.passage], source)
        for number, source in enumerate(sources, start=1)
    ]


def _readable(
    passages: Iterable[Passage], may_be_read: Callable[[str], bool]
) -> dict[int, Passage]:
    return {one.id: one for one in passages if may_be_read(one.text)}


def _as_read(number: int, document: Document, passage: Passage, source: Source) -> str:
    page = "" if passage.page is None else f", page {passage.page}"
    said = passage.text[source.start : source.end].replace(">>>", "> > >")
    return f"[{number}] {document.title}{page}: <<<{said}>>>"
