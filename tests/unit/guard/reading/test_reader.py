# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading prompts in four languages, and telling others apart.

tests/data/reading: our own prompts. en, de, es, fr and topics carry what is expected; ordinary
holds prompts about nothing that the guard looks for.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from safespace import paths
from safespace.domain import Subject, TaskKind, Topic
from safespace.guard.detect.scan import LONGEST, Scanner
from safespace.guard.reading.reader import COVERED, Reader, Reading
from safespace.guard.weighing.weigh import weigh

DATA = Path(__file__).parents[3] / "data" / "reading"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(paths.assets() / "guard")


def prompts(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]


def topics_in(reading: Reading) -> set[str]:
    assert reading.topics is not None
    return set(reading.topics)


@pytest.mark.parametrize("language", COVERED)
def test_topics_kind_and_language_of_our_prompts(reader: Reader, language: str) -> None:
    for prompt in prompts(language):
        reading = reader.read(prompt["text"])
        assert reading.language == language, prompt
        assert reading.kind == prompt["kind"], prompt
        assert topics_in(reading) >= set(prompt["topics"]), prompt
        if not prompt["topics"]:
            assert reading.topics == frozenset(), prompt


def test_topics_are_found_and_seldom_more_than_are_there(reader: Reader) -> None:
    hits = misses = extra = 0
    for prompt in prompts("topics"):
        seen, there = topics_in(reader.read(prompt["text"])), set(prompt["topics"])
        hits, misses, extra = (
            hits + len(seen & there),
            misses + len(there - seen),
            extra + len(seen - there),
        )
    assert hits / (hits + misses) >= 0.98
    assert hits / (hits + extra) >= 0.95


def test_ordinary_prompts_are_seldom_caught(reader: Reader) -> None:
    ordinary = (DATA / "ordinary.txt").read_text("utf-8").splitlines()
    caught = [text for text in ordinary if reader.read(text).topics != frozenset()]
    assert len(ordinary) > 100
    assert len(caught) <= len(ordinary) * 0.03, caught


def test_other_languages_are_not_taken_for_english_and_stay_unknown(reader: Reader) -> None:
    for prompt in prompts("others"):
        assert reader.read(prompt["text"]) == Reading(None, None, prompt["language"])


@pytest.mark.parametrize(
    "text", ["hello", "Photosynthesis?", "Paris", "2 + 2 = ?", "🙂", "What is a café?", "die hard"]
)
def test_a_few_plain_words_pass_as_english(reader: Reader, text: str) -> None:
    assert reader.read(text).language == "en"


@pytest.mark.parametrize(
    "text",
    ["Beyoncé", "Kako ste danas moj dragi prijatelju", "Ⴀ Ⴁ Ⴂ", "habari yako rafiki yangu leo"],
)
def test_what_cannot_be_told_stays_unknown(reader: Reader, text: str) -> None:
    assert reader.read(text).language != "en"
    assert reader.read(text).topics is None


def test_bare_words_show_their_language_by_their_topic(reader: Reader) -> None:
    health = frozenset({Topic.HEALTH})
    read = Reading(health, TaskKind.CHAT, "de", Subject.NOBODY)
    assert reader.read("Kopfschmerzen?") == read


@pytest.mark.parametrize(
    "text",
    [
        "How many PARACETAMOL can I take?",
        "How many para\u200bcetamol can I take?",
        "How many ｐａｒａｃｅｔａｍｏｌ can I take?",
        "How many\nparacétamol can I take?",
    ],
)
def test_a_disguise_of_the_spelling_hides_nothing(reader: Reader, text: str) -> None:
    assert topics_in(reader.read(text)) == {Topic.HEALTH}


@pytest.mark.parametrize("place", [0, 1_999, 10_007, 19_999])
def test_the_whole_of_a_long_text_is_read(reader: Reader, place: int) -> None:
    parts = ["the cat sat on the mat and looked"] * 20_000
    plain = " ".join(parts)
    assert len(plain) > 200_000
    assert reader.read(plain).topics == frozenset()
    parts[place] += " at my mortgage"
    assert topics_in(reader.read(" ".join(parts))) == {Topic.MONEY}


def test_one_hint_is_chance_and_two_near_each_other_are_a_topic(reader: Reader) -> None:
    assert not topics_in(reader.read("The nurse waved to us"))
    assert topics_in(reader.read("The nurse brought the pills")) == {Topic.HEALTH}
    assert not topics_in(reader.read(f"The nurse waved. {'And then. ' * 20} Pills fell."))
    assert not topics_in(reader.read("One pill, two pills, three pills"))


def test_the_request_stands_at_an_edge_of_a_long_text(reader: Reader) -> None:
    pasted = "We walked along the sea and explained nothing to anybody. " * 30
    assert reader.read(f"Summarise this: {pasted}").kind is TaskKind.SUMMARY
    assert reader.read(f"{pasted} Please translate it into French").kind is TaskKind.TRANSLATION
    assert reader.read(f"{pasted} Write a letter to her. {pasted}").kind is TaskKind.CHAT


def test_missing_or_damaged_lists_leave_everything_unknown(tmp_path: Path) -> None:
    assert Reader(tmp_path / "nowhere").read("hello") == Reading()
    folder = tmp_path / "guard"
    shutil.copytree(paths.assets() / "guard", folder)
    assert Reader(folder).read("hello").language == "en"
    (folder / "en.toml").write_text("[health", "utf-8")
    assert Reader(folder).read("hello") == Reading()
    (folder / "en.toml").write_text("[money]\n", "utf-8")
    assert Reader(folder).read("hello") == Reading()


@pytest.mark.parametrize(
    ("text", "topics", "subject"),
    [
        ("I think my husband is having an affair", {Topic.INTIMATE}, Subject.OTHER_ADULT),
        ("Which party should I vote for, as a Catholic?", {Topic.BELIEF}, Subject.OWN),
        ("Summarise this strictly confidential memo about our roadmap", {Topic.WORK}, Subject.OWN),
        ("She confided in me that she drinks", {Topic.OTHERS}, Subject.OWN),
        ("Write a poem about the sea", set(), Subject.NOBODY),
        ("Meine Freundin hat mir im Vertrauen etwas erzählt", {Topic.OTHERS}, Subject.OTHER_ADULT),
        ("Fasse das streng vertrauliche Protokoll zusammen", {Topic.WORK}, Subject.NOBODY),
        ("Mi hermana me contó un secreto", {Topic.OTHERS}, Subject.OTHER_ADULT),
        ("Mon mari a une liaison", {Topic.INTIMATE}, Subject.OTHER_ADULT),
        ("Je suis catholique et je prie", {Topic.BELIEF}, Subject.OWN),
        ("What is the capital of Peru?", set(), Subject.NOBODY),
        ("How do I bake bread?", set(), Subject.NOBODY),
        ("Comment dois-je plier une serviette ?", set(), Subject.NOBODY),
        ("Wie wird ein Gesetz verkündet?", set(), Subject.NOBODY),  # as in English, one word
        ("¿Quién escribe una ley?", set(), Subject.NOBODY),
        ("Un discours pour la retraite de Lucien", set(), Subject.NOBODY),
        ("Was sagt das Gesetz zur Kaution?", {Topic.LEGAL}, Subject.NOBODY),
        ("Mon compte est à découvert", {Topic.MONEY}, Subject.OWN),
        ("Ich gehe bald in den Ruhestand", {Topic.MONEY}, Subject.OWN),
    ],
)
def test_private_topics_and_whom_it_is_about(
    reader: Reader, text: str, topics: set[Topic], subject: Subject
) -> None:
    reading = reader.read(text)
    assert reading.topics is not None
    assert reading.topics >= topics
    assert reading.subject is subject


def test_a_child_is_found_by_what_is_said_of_it(reader: Reader) -> None:
    seen = weigh("My 8-year-old hits other kids", (), reader, Scanner(paths.assets() / "guard"))
    assert seen.subject is Subject.MINOR
    assert seen.topics == frozenset({Topic.MINORS})


def test_the_strictest_of_all_turns_counts(reader: Reader) -> None:
    scanner = Scanner(paths.assets() / "guard")
    seen = weigh("Make it shorter", ["I think my husband has an affair"], reader, scanner)
    assert seen.topics is not None
    assert Topic.INTIMATE in seen.topics
    assert seen.subject is Subject.OTHER_ADULT
    assert weigh("hello", ["Привет"], reader, scanner).subject is None


def test_of_what_is_too_long_to_look_through_only_the_language_is_told(reader: Reader) -> None:
    sentence = "What helps against a headache when the weather changes? "
    long = reader.read(sentence * (1 + LONGEST // len(sentence)))
    assert long == Reading(language="en")
    assert reader.read(sentence * 100).topics  # the control
