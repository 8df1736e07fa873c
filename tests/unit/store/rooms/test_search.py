# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search finds words in every script, takes anything that is typed, and marks what it found."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.domain import Hit, Role
from safespace.store.rooms.excerpt import LENGTH, excerpt
from safespace.store.rooms.query import LONGEST, MOST_TERMS, Term, match, terms
from safespace.store.space import Space
from safespace.store.spaces import Spaces
from tests.unit.store import formats

TEXTS = (
    "The café in Ürümqi serves crème brûlée, and Straßenlärm comes in.",
    "A heron sleeps standing on one leg; herons nest in trees.",
    "我明天去学校学习中文。",
    "東京タワーに行きました。",
    "ฉันชอบกินข้าวผัดกุ้ง",
    "नमस्ते दुनिया",
    "Мой дядя самых честных правил",
    "שָׁלוֹם וּבְרָכָה",
    "My iPhone手机坏了 yesterday.",
    'He said "never again" and left.',
)


@pytest.fixture
def filled(space: Space) -> Space:
    begun = space.new_conversation("Notes on everything").id
    for text in TEXTS:
        space.add_message(begun, None, Role.MEMBER, text)
    return space


def found(space: Space, typed: str) -> list[str | None]:
    """The messages that a search finds, by the start of their text; None for a title."""
    return [None if hit.message is None else marked(hit) for hit in space.search(typed, 50)]


def marked(hit: Hit) -> str:
    return "|".join(hit.excerpt[start:end] for start, end in hit.marks)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("CAFE", ["café"]),
        ("brulee creme", ["crème|brûlée"]),
        ("urum", ["Ürüm"]),
        ("Straßenl", ["Straßenl"]),
        ("heron", ["heron|heron"]),
        ("heron leg", ["heron|leg"]),
        ("leg heron", ["heron|leg|heron"]),
        ("hero leg", []),
        ('"sleeps standing"', ["sleeps standing"]),
        ('"standing sleeps"', []),
        ("“never again”", ["never again"]),
        ("„never ag", ["never ag"]),
        ('"hero"', []),
        ("学校", ["学校"]),
        ("学习中文", ["学习中文"]),
        ("学校 明天去", ["明天去|学校"]),
        ("学校 东京", []),
        ("タワー", ["タワー"]),
        ("ข้าวผัด", ["ข้าวผัด"]),
        ("नमस्", ["नमस्"]),
        ("честн", ["честн"]),
        ("手机 yester", ["手机|yester"]),
        ("iphone手机", ["iPhone手机"]),
        ("everything", [None]),
        ("quokka", []),
        ("!!!", []),
        ("heron !!! leg", ["heron|leg"]),
        ("heron AND", []),
        ("", []),
    ],
)
def test_words_are_found_and_marked(filled: Space, typed: str, expected: list[str | None]) -> None:
    assert found(filled, typed) == expected


@given(typed=st.text(max_size=80) | st.text("\"*^():+-{}\\\0 'NEARANDOR学校ก\ud800", max_size=40))
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_that_is_typed_is_an_error(filled: Space, typed: str) -> None:
    for hit in filled.search(typed, 5):
        assert hit.id


def test_unquoted_some_of_that_would_be_an_error() -> None:
    plain = sqlite3.connect(":memory:")
    try:
        plain.execute("CREATE VIRTUAL TABLE control USING fts5 (text)")
        with pytest.raises(sqlite3.OperationalError):
            plain.execute("SELECT * FROM control WHERE control MATCH ?", ('NEAR("',))
        plain.execute("SELECT * FROM control WHERE control MATCH ?", (match(terms('NEAR("x')),))
    finally:
        plain.close()


@given(
    text=st.text(max_size=400),
    typed=st.text(max_size=30),
    quoted=st.booleans(),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_marks_lie_in_the_excerpt_in_order(text: str, typed: str, quoted: bool) -> None:
    shown, marks = excerpt(text, terms(f'"{typed}"' if quoted else typed))
    assert len(shown) <= LENGTH + 2
    assert "\n" not in shown
    places = [0, *(place for mark in marks for place in mark), len(shown)]
    assert places == sorted(places)
    assert all(start < end for start, end in marks)


@given(text=st.text("abc xyz.\n", min_size=1, max_size=600), word=st.sampled_from(["abc", "xyz"]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_mark_is_the_word_and_a_word_in_the_text_is_marked(text: str, word: str) -> None:
    shown, marks = excerpt(text, (Term(word),))
    assert {shown[start:end] for start, end in marks} <= {word}
    assert bool(marks) == (word in text.replace(".", " ").split())


def test_a_word_far_into_a_long_text_is_shown(space: Space) -> None:
    begun = space.new_conversation("Long").id
    space.add_message(
        begun, None, Role.MEMBER, "ä lorem " * 9_000 + "the quokka sleeps " + "x " * 99
    )
    (hit,) = space.search("quokka", 9)
    assert marked(hit) == "quokka"
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")


def test_the_query_is_bounded() -> None:
    assert len(terms("a " * LONGEST)) == MOST_TERMS
    assert len(terms("a" * 10 * LONGEST)[0].text) == LONGEST


def test_titles_come_first_and_rarer_words_before_common_ones(space: Space) -> None:
    titled = space.new_conversation("Herons").id
    other = space.new_conversation("Birds").id
    long = space.add_message(other, None, Role.MEMBER, "herons " + "and other birds " * 30)
    short = space.add_message(other, None, Role.MEMBER, "herons, mostly")
    hits = space.search("herons", 9)
    assert [(hit.id, hit.message) for hit in hits] == [
        (titled, None), (other, short.id), (other, long.id)
    ]  # fmt: skip
    assert len(space.search("herons", 2)) == 2


def test_every_branch_is_searched_and_a_changed_answer_by_its_new_words(space: Space) -> None:
    begun = space.new_conversation("a").id
    first = space.add_message(begun, None, Role.MEMBER, "about quokkas")
    second = space.add_message(begun, None, Role.MEMBER, "about numbats")
    assert [message.id for message in space.branch(begun)] == [second.id]
    assert [hit.message for hit in space.search("quokkas", 9)] == [first.id]
    space.update_message(first.id, "about wombats", partial=False, mark=None)
    assert space.search("quokkas", 9) == []
    assert [hit.message for hit in space.search("wombats", 9)] == [first.id]


def test_a_space_of_the_first_format_is_indexed_when_it_opens(tmp_path: Path) -> None:
    shutil.copytree(formats.FOLDER / "format-1", tmp_path / "ada")
    spaces = Spaces(tmp_path)
    old = Space(spaces.find("Ada").folder, spaces.unlock(spaces.find("Ada"), formats.PASSPHRASE))
    try:
        assert found(old, "where herons sleep") == ["Where|herons|sleep"]
        assert found(old, "herons") == [None, "herons"]
    finally:
        old.close()
