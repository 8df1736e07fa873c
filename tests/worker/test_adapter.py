# SPDX-License-Identifier: AGPL-3.0-or-later
"""A LoRA adapter in the real worker: as strong as it was told, and only where it fits."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.errors import ModelDamaged
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import Adapter, ChatTurn, Generation, Text
from safespace.local_ai.shelf.adapters import FOLDER
from tests.lora import write_adapter

ASKED = Generation((ChatTurn("user", "Count from one to five."),), max_tokens=8)


@pytest.fixture(scope="module")
def adapter(starter_model: Path) -> Adapter:
    folder = starter_model.parent / FOLDER
    folder.mkdir()
    return Adapter(write_adapter(folder / "odd.gguf"))


@pytest.fixture(scope="module")
def engine(starter_model: Path) -> Iterator[WorkerEngine]:
    engine = WorkerEngine(threads=1, models=starter_model.parent)
    yield engine
    engine.close()


def answer(engine: WorkerEngine, model: Path, adapter: Adapter | None) -> str:
    engine.load(model, adapter)
    return "".join(event.text for event in engine.generate(ASKED) if isinstance(event, Text))


def test_it_changes_what_is_said_and_off_it_does_not(
    engine: WorkerEngine, starter_model: Path, adapter: Adapter
) -> None:
    plain = answer(engine, starter_model, None)
    changed = answer(engine, starter_model, adapter)
    assert changed != plain
    assert answer(engine, starter_model, replace(adapter, strength=0.0)) == plain
    assert answer(engine, starter_model, replace(adapter, strength=0.5)) not in (plain, "")
    assert answer(engine, starter_model, adapter) == changed
    assert answer(engine, starter_model, None) == plain


@pytest.mark.parametrize("about", [{"width": 64}, {"kind": "qwen2"}])
def test_one_for_another_model_is_refused_in_a_sentence(
    engine: WorkerEngine, starter_model: Path, adapter: Adapter, about: dict[str, object]
) -> None:
    plain = answer(engine, starter_model, None)
    other = Adapter(write_adapter(adapter.file.with_name("other.gguf"), **about))  # type: ignore[arg-type]
    with pytest.raises(ModelDamaged, match="does not fit this model"):
        engine.load(starter_model, other)
    assert answer(engine, starter_model, None) == plain


def test_one_that_is_cut_off_is_refused_and_the_next_answer_works(
    engine: WorkerEngine, starter_model: Path, adapter: Adapter
) -> None:
    whole = adapter.file.read_bytes()
    cut = adapter.file.with_name("cut.gguf")
    for size in (len(whole) - 1, 2000, 100):
        cut.write_bytes(whole[:size])
        with pytest.raises(ModelDamaged):
            engine.load(starter_model, Adapter(cut))
    assert answer(engine, starter_model, adapter)
