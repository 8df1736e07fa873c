# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts become vectors in a real walled worker: with a tiny BERT, and with the starter model."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safespace.errors import ModelDamaged, WorkerDied
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.client.finder import Finder
from safespace.local_ai.likeness import cosine
from tests.tiny_bert import write_tiny_bert
from tests.tiny_model import WIDTH, write_tiny_model

TEXTS = ["the rent is due in march", "cats may be kept", "a deposit", "", "x " * 3000]
LAST, RANK = 3, 4


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return write_tiny_bert(tmp_path / "bert.gguf")


@pytest.fixture
def finder(tmp_path: Path) -> Iterator[Finder]:
    finder = Finder(models=tmp_path)
    yield finder
    finder.close()


def test_a_text_has_one_vector_whatever_it_comes_with(finder: Finder, bert: Path) -> None:
    made = finder.vectors(bert, TEXTS * 9)
    assert made is not None
    assert {len(vector) for vector in made} == {WIDTH}
    assert max(abs(byte - 256 * (byte > 127)) for byte in made[0]) == 127
    for text, vector in zip(TEXTS * 9, made, strict=True):
        alone = finder.vectors(bert, [text])
        assert alone
        assert cosine(alone[0], vector) > 0.999
    assert cosine(made[0], made[1]) < 0.99


def test_what_is_too_long_counts_as_far_as_it_goes(finder: Finder, bert: Path) -> None:
    made = finder.vectors(bert, ["a " * 3000, "a " * 6000, "b " * 3000])
    assert made
    assert made[0] == made[1] != made[2]


def test_texts_are_pooled_as_the_model_says(finder: Finder, tmp_path: Path, bert: Path) -> None:
    last = write_tiny_bert(tmp_path / "last.gguf", LAST)
    assert finder.vectors(bert, TEXTS[:1]) != finder.vectors(last, TEXTS[:1])


def test_a_model_that_says_nothing_takes_the_mean(starter_model: Path) -> None:
    """The starter model was made for chatting; still, a paraphrase is nearest."""
    finder = Finder(models=starter_model.parent)
    try:
        made = finder.vectors(
            starter_model,
            [
                "The rent must be paid every month.",
                "Each month, the rent has to be paid.",
                "Storks.",
            ],
        )
    finally:
        finder.close()
    assert made
    assert cosine(made[0], made[1]) > cosine(made[0], made[2])


def test_what_ranks_texts_or_is_no_model_is_refused(finder: Finder, tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged, match="by what they mean"):
        finder.vectors(write_tiny_bert(tmp_path / "rank.gguf", RANK), TEXTS)
    (tmp_path / "no.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelDamaged):
        finder.vectors(tmp_path / "no.gguf", TEXTS)
    good = write_tiny_bert(tmp_path / "good.gguf")
    assert finder.vectors(good, TEXTS)


def test_a_model_that_finds_does_not_chat(tmp_path: Path, bert: Path) -> None:
    engine = WorkerEngine(models=tmp_path)
    try:
        with pytest.raises(ModelDamaged):
            engine.load(bert)
        engine.load(write_tiny_model(tmp_path / "tiny.gguf"))
    finally:
        engine.close()


def begin(finder: Finder, bert: Path) -> tuple[threading.Thread, list[object]]:
    """A batch in the background of some seconds, once it is under way, and what becomes of it."""
    assert finder.vectors(bert, TEXTS)
    outcome: list[object] = []

    def work() -> None:
        try:
            outcome.append(finder.vectors(bert, ["x " * 255] * 10_000))
        except WorkerDied as died:
            outcome.append(died)

    background = threading.Thread(target=work)
    background.start()
    while finder._running is None:
        time.sleep(0)
    return background, outcome


def test_one_that_died_is_told_of_and_comes_back(finder: Finder, bert: Path) -> None:
    background, outcome = begin(finder, bert)
    assert finder._child
    os.kill(finder._child.pid, signal.SIGKILL)
    background.join()
    assert isinstance(outcome[0], WorkerDied)
    assert finder.vectors(bert, TEXTS)


def test_a_question_breaks_off_the_background(finder: Finder, bert: Path) -> None:
    """A long batch ends without vectors, and the question has its own."""
    background, outcome = begin(finder, bert)
    assert finder.vectors(bert, TEXTS[:1], urgent=True)
    background.join()
    assert outcome == [None]


@pytest.mark.parametrize("end", [Finder.hush, Finder.close])
def test_it_is_broken_off(finder: Finder, bert: Path, end: Callable[[Finder], None]) -> None:
    background, outcome = begin(finder, bert)
    end(finder)
    background.join()
    assert outcome == [None]
    assert finder.vectors(bert, TEXTS)
