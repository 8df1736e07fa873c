# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model on a graphics card, between walls.

The real path needs a llama-cpp-python that was built with Vulkan, and a device of any kind:
Mesa's lavapipe, a Vulkan driver that computes on the processor, is one. Where there is none,
these tests say so; what decides without a card is tested everywhere.
"""

import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safespace.errors import WorkerDied
from safespace.local_ai import graphics
from safespace.local_ai.client import child, client
from safespace.local_ai.client.calibration import Calibration
from safespace.local_ai.client.client import WorkerEngine, found_cards
from safespace.local_ai.engine import Begun
from safespace.local_ai.protocol import Load
from safespace.local_ai.walls.names import COMPLETE
from safespace.local_ai.worker.context import Context, NoRoom
from safespace.local_ai.worker.worker import LlamaBackend
from tests.broken_driver import with_broken_driver
from tests.heads import write_model
from tests.worker.conftest import asking, done, pid_of, said

Make = Callable[[], WorkerEngine]
_BACKEND = """
from safespace.local_ai.walls import raising
from safespace.local_ai.worker.serve import run
from safespace.local_ai.worker.worker import LlamaBackend
{raised}
run(lambda: LlamaBackend(on_cards=True))
"""
"""A worker between other walls than it has, or none."""


@pytest.fixture
def on_card(starter_model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes engines that may use the first Vulkan device, whatever its kind."""
    if "vulkan" not in graphics.built_for():
        pytest.skip("this llama.cpp was built without Vulkan")
    monkeypatch.setitem(child._QUIET_WAITS, "GGML_VK_VISIBLE_DEVICES", "0")
    made: list[WorkerEngine] = []

    def make() -> WorkerEngine:
        made.append(WorkerEngine(models=starter_model.parent, threads=2, cards=True))
        return made[-1]

    unwalled = WorkerEngine((sys.executable, "-I", "-c", _BACKEND.format(raised="")))
    found = unwalled.about().cards
    unwalled.close()
    if not found:
        pytest.skip("no Vulkan device was found here")
    yield make
    for engine in made:
        engine.close()


def begun(engine: WorkerEngine) -> Begun:
    """How an answer begins; the rest of it is not waited for."""
    first = next(iter(engine.generate(asking("hello", 1))))
    assert isinstance(first, Begun)
    return first


def test_a_model_answers_from_a_card_between_walls(on_card: Make, starter_model: Path) -> None:
    engine = on_card()
    engine.load(starter_model)
    assert set(engine.about().walls) == COMPLETE.get(sys.platform, frozenset())
    assert engine.about().cards
    events = list(engine.generate(asking("Name three animals.", 8)))
    assert isinstance(events[0], Begun)
    assert events[0].on_card == events[0].layers + 1 == 31
    assert not events[0].crowded
    assert done(events).tokens == 8
    assert said(events).strip()


def test_a_card_that_is_not_wanted_is_not_found(on_card: Make, starter_model: Path) -> None:
    engine = WorkerEngine(models=starter_model.parent, threads=2)
    try:
        assert engine.about().cards == ()
        engine.load(starter_model)
        assert begun(engine).on_card == 0
    finally:
        engine.close()
    assert found_cards(wanted=False) == ()
    assert found_cards(wanted=True)


@pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")
def test_without_its_doors_no_card_is_found(on_card: Make) -> None:
    on_card()
    doorless = _BACKEND.format(raised="raising.raise_walls([])")
    engine = WorkerEngine((sys.executable, "-I", "-c", doorless))
    try:
        assert engine.about().cards == ()
    finally:
        engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is capped on Linux")
def test_a_card_without_room_takes_fewer_layers_or_none(
    on_card: Make, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """lavapipe's memory is the worker's own: what caps that, fills the card."""
    if "llvmpipe" not in on_card().about().backend:
        pytest.skip("this card has a memory of its own, which no test can fill")
    placed = []
    for mebibytes in (50, 160, 2**12):
        monkeypatch.setattr(client, "most", lambda _model, most=mebibytes: most * 2**20)
        engine = on_card()
        engine.load(starter_model)
        _soft, hard = resource.prlimit(pid_of(engine), resource.RLIMIT_DATA)
        resource.prlimit(pid_of(engine), resource.RLIMIT_DATA, (hard, hard))
        first = begun(engine)
        assert first.crowded == (first.on_card < 31)
        placed.append(first.on_card)
    assert placed[0] == 0 < placed[1] < placed[2] == 31


def test_where_a_context_finds_no_room_the_card_holds_fewer_layers(
    starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = LlamaBackend()
    backend.load(Load(str(starter_model), 1))
    backend._placed = 8  # as if they were
    ready, full = Context.make_ready, [True, True]

    def make_ready(context: Context, prompt: list[int], tokens: int) -> None:
        if full and full.pop():
            raise NoRoom
        ready(context, prompt, tokens)

    monkeypatch.setattr(Context, "make_ready", make_ready)
    try:
        first, *more = backend.generate(asking("hello", 2), lambda: False)
        assert first == Begun(first.prompt_tokens, 0, 30, 2, crowded=True)  # type: ignore[union-attr]
        assert more
        again = next(iter(backend.generate(asking("hello", 2), lambda: False)))
        assert isinstance(again, Begun)
        assert not again.crowded  # which was said
    finally:
        backend._unload()


@pytest.mark.skipif(sys.platform == "win32", reason="ends by a signal")
def test_a_driver_that_breaks_off_at_loading_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = with_broken_driver(monkeypatch, "load")
    try:
        engine.load(write_model(tmp_path / "echo.gguf"))
        events = list(engine.generate(asking("one two")))
        assert isinstance(events[0], Begun)
        assert events[0].crowded
        assert said(events) == "one two"
        assert not begun(engine).crowded
    finally:
        engine.close()


@pytest.mark.skipif(sys.platform == "win32", reason="ends by a signal")
def test_a_driver_that_breaks_off_in_an_answer_is_done_without_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = with_broken_driver(monkeypatch, "generate")
    try:
        engine.load(write_model(tmp_path / "echo.gguf"))
        with pytest.raises(WorkerDied):
            list(engine.generate(asking("one two")))
        events = list(engine.generate(asking("one two")))
        assert said(events) == "one two"
        assert isinstance(events[0], Begun)
        assert events[0].crowded
    finally:
        engine.close()


def test_the_speed_is_kept_with_where_the_model_lay(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.gguf")
    known = Calibration(tmp_path / "calibration.json")
    known.note(model, 1, 30.0)
    known.note(model, 1, 31.0, 5)  # hardly another speed, and yet news
    seen = known.of(model)
    assert seen
    assert (seen.on_card, seen.whole) == (5, False)
    known.note(model, 1, 90.0, 31, whole=True)
    seen = known.of(model)
    assert seen
    assert (seen.on_card, seen.whole) == (31, True)
