# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small models: what they add up, what they learn, and that a broken one closes."""

import shutil
from pathlib import Path

import pytest

from safespace import paths
from safespace.domain import Subject
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader, Reading
from safespace.guard.text.linear import HEAD, NAME, Linear, sentence_features, word_features
from safespace.guard.weighing.givenaway import given_away
from tools.train import Kind, Sample, aside, report, train

GUARD = paths.assets() / "guard"
SAMPLES: list[Sample] = [
    *((word_features(word), True) for word in ("kowalski", "nowinski", "lewandowski", "zielinski")),
    *((word_features(word), False) for word in ("freedom", "kingdom", "wisdom", "boredom")),
]
KIND = Kind(lambda: SAMPLES, 4096, 1e-4, by_heart=False)


def test_it_learns_what_endings_tell_and_is_the_same_every_time(tmp_path: Path) -> None:
    model = train(SAMPLES, KIND)
    model.write(tmp_path / "a.model")
    train(SAMPLES, KIND).write(tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()
    read = Linear(tmp_path / "a.model")
    assert read.score(word_features("kaminski")) > 0 > read.score(word_features("stardom"))
    assert read.score([]) == pytest.approx(model.bias)


def test_what_letters_mislead_about_is_learnt_by_heart(tmp_path: Path) -> None:
    odd: Sample = (word_features("dominski"), False)
    model = train([*SAMPLES, odd], KIND._replace(by_heart=True))
    model.write(tmp_path / "a.model")
    assert Linear(tmp_path / "a.model").score(odd[0]) < 0


def test_some_samples_are_kept_aside() -> None:
    learnt, kept = aside(SAMPLES * 1)
    assert sorted(map(str, learnt + kept)) == sorted(map(str, SAMPLES))
    assert "of 4 that are" in report(train(SAMPLES, KIND), SAMPLES)


@pytest.mark.parametrize(
    "raw", [b"", b"short", HEAD.pack(NAME, 3, 1.0, 0.0), HEAD.pack(b"????", 1, 1.0, 0.0) + b"a",
            HEAD.pack(NAME, 0, 1.0, 0.0)]
)  # fmt: skip
def test_a_file_that_is_no_model_is_refused(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.model"
    file.write_bytes(raw)
    with pytest.raises(ValueError, match="no model"):
        Linear(file)


@pytest.mark.parametrize("model", ["names.model", "own.model"])
def test_without_its_model_the_guard_knows_nothing(model: str, tmp_path: Path) -> None:
    folder = tmp_path / "guard"
    shutil.copytree(GUARD, folder)
    text = "How do cats purr?"
    assert Reader(folder).read(text).subject is Subject.NOBODY
    assert given_away(text, Scanner(folder)).before is not None
    (folder / model).write_bytes(b"damaged")
    if model == "own.model":
        assert Reader(folder).read(text) == Reading()
    else:
        assert given_away(text, Scanner(folder)).before is None


def test_they_are_small() -> None:
    sizes = [file.stat().st_size for file in GUARD.glob("*.model")]
    assert len(sizes) == 2
    assert sum(sizes) < 5 * 2**20


def test_a_sentence_tells_its_words_their_beginnings_and_pairs() -> None:
    features = sentence_features(["my", "shoulder", "hurts"])
    assert {"=my", "^shou", "^should", "my shoulder", " my", "hurts "} <= set(features)
    assert sentence_features([]) == [" "]
