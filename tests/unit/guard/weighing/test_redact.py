# SPDX-License-Identifier: AGPL-3.0-or-later
"""Placeholders: the same for the same words, nothing identifying left, and exactly back again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safespace import paths
from safespace.domain import Sensitivity
from safespace.guard.detect.finding import Kind
from safespace.guard.detect.scan import Scanner
from safespace.guard.weighing.redact import Placeholders, Restoring
from safespace.guard.weighing.sensitivity import of_finding

SCANNER = Scanner(paths.assets() / "guard")

WORDS = (
    "Maria Schneider", "ada@example.org", "(212) 555-0147", "4111111111111111", "203.0.113.77",
    "GB29NWBK60161331926819", "078-05-1120", "12 Baker Street", "hello", "tomorrow", "the cat",
    "[Person 1]", "[IBAN 7]", "[Person 9]", "born 5/17/1984", "and", ",", "\n", "ＭＡＲＩＡ", "🙂",
)  # fmt: skip


def test_the_same_words_get_the_same_placeholder_in_every_turn() -> None:
    known = Placeholders()
    first = known.redact("Write to ada@example.org for Maria Schneider.", SCANNER)
    assert first.text == "Write to [Email 1] for [Person 1]."
    assert first.after is Sensitivity.NEUTRAL
    second = known.redact("Is ada@example.org or bob@example.org right?", SCANNER)
    assert second.text == "Is [Email 1] or [Email 2] right?"
    assert known.restore("Ask [Person 1] at [Email 2].") == (
        "Ask Maria Schneider at bob@example.org."
    )


@given(st.lists(st.sampled_from(WORDS), max_size=12))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_nothing_identifying_is_left_and_all_comes_back(words: list[str]) -> None:
    text = " ".join(words)
    known = Placeholders()
    redacted = known.redact(text, SCANNER)
    left = [of_finding(one) for one in SCANNER.scan(redacted.text).all]
    assert max(left, default=Sensitivity.NEUTRAL) < Sensitivity.IDENTIFYING
    assert redacted.after is not None
    assert redacted.after < Sensitivity.IDENTIFYING
    assert known.restore(redacted.text) == text


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=4))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_a_conversation_goes_on_with_what_was_kept_of_it(turns: list[str]) -> None:
    known = kept = Placeholders()
    for text in turns:
        kept = Placeholders(kept.known())
        assert kept.redact(text, SCANNER) == known.redact(text, SCANNER)
    assert kept.known() == known.known()


@given(
    st.lists(
        st.sampled_from(
            ("[Person 1]", "[", "Email 1", "]", "(https://x/", ")", "\n", "a ", "!", " ")
        ),
        max_size=20,
    )
)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_an_answer_that_arrives_in_pieces_is_restored_as_a_whole_one(pieces: list[str]) -> None:
    known = Placeholders()
    known.redact("Maria Schneider, ada@example.org", SCANNER)
    coming = Restoring(known)
    shown = "".join([*map(coming.add, pieces), coming.end()])
    assert shown == known.restore("".join(pieces))


@given(st.text(max_size=80))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_any_text_comes_back(text: str) -> None:
    known = Placeholders()
    assert known.restore(known.redact(text, SCANNER).text) == text


def test_a_placeholder_that_a_person_typed_stays_what_it_was() -> None:
    known = Placeholders()
    text = "[Person 1] met Maria Schneider"
    redacted = known.redact(text, SCANNER).text
    assert redacted == "[Person 2] met [Person 3]"
    assert known.restore(redacted) == text


def test_placeholders_side_by_side_are_no_link() -> None:
    known = Placeholders()
    known.redact("Maria Schneider, ada@example.org", SCANNER)
    assert known.restore("[Person 1][Email 1]") == "Maria Schneiderada@example.org"


def test_a_placeholder_that_nobody_made_stays() -> None:
    known = Placeholders()
    known.redact("Maria Schneider", SCANNER)
    assert known.restore("[Person 9] and [Person 1]") == "[Person 9] and Maria Schneider"


@pytest.mark.parametrize(
    "place",
    [
        "[more](https://x.example/?q=[IBAN 1])",
        "[more](/q?[IBAN 1])",
        "[more](relative[IBAN 1])",
        "![picture](https://x.example/[IBAN 1].png)",
        "![IBAN 1](https://x.example/a.png)",
        "https://x.example/?q=[IBAN 1]",
        "<https://x.example/[IBAN 1]>",
        "www.x.example/[IBAN 1]",
        "//x.example/[IBAN 1]",
        "mailto:[IBAN 1]@x.example",
        "[IBAN 1].pdf",
        "report-[IBAN 1].PDF",
        "/etc/[IBAN 1]",
        "C:\\docs\\[IBAN 1]",
        "<img src='x' alt='[IBAN 1]'>",
        "[more][IBAN 1]",
        "[a]: https://x.example/[IBAN 1]",
        "[more](https://x.example/?q=[IBAN 1]",
    ],
)
def test_nothing_is_restored_where_it_could_travel(place: str) -> None:
    known = Placeholders()
    number = "GB29NWBK60161331926819"
    assert known.redact(number, SCANNER).text == "[IBAN 1]"
    assert number not in known.restore(place)
    assert number in known.restore(f"{place} \n\n And [IBAN 1].")  # planted


def test_what_holds_a_secret_or_a_child_stays_what_it_is() -> None:
    known = Placeholders()
    assert known.redact("password: Tr0ub4dor&3", SCANNER).after is Sensitivity.SECRET
    assert known.redact("my daughter Maria Schneider", SCANNER).after is Sensitivity.PROTECTED


def test_of_what_is_too_long_nothing_is_known() -> None:
    assert Placeholders().redact("a" * 1_000_001, SCANNER).after is None


def test_what_was_replaced_once_is_replaced_everywhere() -> None:
    known = Placeholders()
    known.redact("my name is Tolva", SCANNER)
    assert known.redact("what did tolva and Tolva say", SCANNER).text.endswith("[Person 1] say")
    assert SCANNER.scan("so Tolva").of(Kind.PERSON) == ()
