# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace.guard.text.lexicon import Lexicon, listed, outside, words


def found(entry: str, text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in Lexicon([(entry, "x")]).find(words(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Paracétamol",
        "PARACETAMOL",
        "para\u200bcetamol",
        "para\u00adcetamol",
        "ｐａｒａｃｅｔａｍｏｌ",
        "parace\u0301tamol",
    ],
)
def test_words_come_in_one_spelling(text: str) -> None:
    assert words(text) == ["paracetamol"]


def test_words_end_at_anything_that_is_no_letter_or_digit() -> None:
    assert words("I don't; l'école_2, Straße") == ["i", "don", "t", "l", "ecole", "2", "strasse"]


def test_a_list_is_separated_by_commas_alone() -> None:
    assert listed("\nhead ache,\n tooth\nache, ,") == ["head ache", "tooth ache"]


@pytest.mark.parametrize(
    ("entry", "text", "where"),
    [
        ("fever", "a fever", [(1, 2)]),
        ("fever", "feverish", []),
        ("fever*", "feverish", [(0, 1)]),
        ("*schmerz", "Kopfschmerz", [(0, 1)]),
        ("*schmerz", "Kopfschmerzen", []),
        ("*schmerz*", "Kopfschmerzen", [(0, 1)]),
        ("übelkeit", "Uebelkeit und Übelkeit", [(0, 1), (2, 3)]),
        ("blood pressure", "high blood pressure", [(1, 3)]),
        ("blood pressure", "blood and pressure", []),
        ("x ray*", "two X-rays", [(1, 3)]),
        ("kill … myself", "kill myself", [(0, 2)]),
        ("kill … myself", "kill a b c d myself", [(0, 6)]),
        ("kill … myself", "kill a b c d e myself", []),
        ("a b", "a a b", [(1, 3)]),
    ],
)
def test_an_entry_is_found_where_it_stands(
    entry: str, text: str, where: list[tuple[int, int]]
) -> None:
    assert found(entry, text) == where


def test_a_part_of_a_word_has_four_letters_at_least() -> None:
    with pytest.raises(ValueError, match="too short"):
        Lexicon([("abc*", "x")])


def test_what_lies_outside_of_a_mask() -> None:
    hits = list(
        Lexicon([("tennis court", "mask"), ("court", "x"), ("tennis", "x")]).find(
            words("tennis court, court tennis")
        )
    )
    masks = [one for one in hits if one.label == "mask"]
    assert [one.start for one in outside(masks, hits)] == [2, 3]


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=200, derandomize=True)
def test_more_text_never_hides_what_was_found(before: str, after: str) -> None:
    text = f"{before} blood pressure {after}"
    assert found("blood pressure", text)


class Counted(str):
    """A word that counts how often an entry is compared with it."""

    compared = 0

    def startswith(self, *args: object) -> bool:
        Counted.compared += 1
        return super().startswith(*args)  # type: ignore[arg-type]

    def __contains__(self, part: object) -> bool:
        Counted.compared += 1
        return super().__contains__(part)  # type: ignore[operator]


def test_a_word_is_compared_once_however_often_it_stands_there() -> None:
    Counted.compared = 0
    lexicon = Lexicon([("medic*", "x"), ("median*", "x")])
    text = [Counted("medicine"), Counted("other")] * 50_000
    assert sum(1 for _ in lexicon.find(text)) == 50_000
    assert 0 < Counted.compared <= 4


def test_a_long_word_is_compared_once_with_each_entry() -> None:
    Counted.compared = 0
    lexicon = Lexicon([("*schmerz*", "x"), ("*schmerztablette*", "x")])
    assert len(list(lexicon.find([Counted("schmerz" * 20_000)]))) == 1
    assert 0 < Counted.compared <= 2
