# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model that reads what would leave: all of it, never what stays, and not beyond its patience."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from safespace import paths
from safespace.domain import Level, Sensitivity
from safespace.errors import WorkerDied
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.reading.windows import GRAMMAR, SIZE, UNKNOWN
from safespace.local_ai.engine import Adapter, Begun, Done, Event, Generation, Text
from safespace.session.dry_run import Checker
from safespace.session.turn.second_look import look_of, look_with

MODEL = Path("reader.gguf")
FOLDER = paths.assets() / "guard"


def saying(sens: int, *quotes: str) -> str:
    return json.dumps(
        {"sens": sens, "topics": [], "subject": "nobody", "quotes": list(quotes), "conf": 90}
    )


class Answering:
    """An engine that answers as it was told, and keeps what it was asked."""

    def __init__(self, answer: str, dies: bool = False) -> None:
        self.asked: list[Generation] = []
        self._answer, self._dies = answer, dies

    def start(self) -> None: ...

    def load(self, model: Path, adapter: Adapter | None = None) -> None:
        assert model == MODEL

    def generate(self, request: Generation) -> Iterator[Event]:
        self.asked.append(request)
        yield Begun(1, 0)
        if self._dies:
            raise WorkerDied("gone")
        yield from map(Text, self._answer)
        yield Done(1, 0.0, 0.0, "complete")

    @property
    def build(self) -> str:
        return "answering"

    @property
    def life(self) -> int:
        return 1

    def keep(self) -> tuple[int, bytes]:
        return 0, b""

    def recall(self, state: bytes) -> int:
        return len(state)

    def stop(self) -> None: ...

    def close(self) -> None: ...


def checked(engine: Answering, text: str, level: int = 4) -> str:
    look = look_with(engine, MODEL)
    checker = Checker(Reader(FOLDER), Scanner(FOLDER), Level(level), None, look)
    return checker.check({"text": text}).decision.route.key


def test_it_reads_every_window_of_a_long_text() -> None:
    engine = Answering(saying(0))
    look = look_with(engine, MODEL)
    text = "".join(f"{number} rivers. " for number in range(1000))
    assert look(text).sensitivity is Sensitivity.NEUTRAL
    shown = [request.turns[-1].text for request in engine.asked]
    assert len(shown) == -(-(len(text) - 200) // (SIZE - 200))
    assert all(f"{number} rivers." in "".join(shown) for number in range(1000))
    assert all(request.grammar == GRAMMAR for request in engine.asked)


def test_what_it_raises_stays_here() -> None:
    assert checked(Answering(saying(0)), "How do cats purr?") == "coop"
    assert checked(Answering(saying(3, "cats")), "How do cats purr?") == "local"


def test_a_quote_that_is_not_there_keeps_the_text_here() -> None:
    assert checked(Answering(saying(0, "dogs")), "How do cats purr?") == "local"


def test_it_reads_the_final_text_and_not_what_was_left_out_of_it() -> None:
    engine = Answering(saying(0))
    assert checked(engine, "Please write to ada@example.org about cats.") == "coop_redacted"
    [request] = engine.asked
    assert "[Email 1]" in request.turns[-1].text
    assert "ada@" not in request.turns[-1].text


@pytest.mark.parametrize("level", [0, 1, 2])
def test_it_is_not_asked_where_nothing_would_leave_anyway(level: int) -> None:
    engine = Answering(saying(0))
    checked(engine, "How do cats purr?", level)
    assert engine.asked == []
    checked(engine, "my password is Tr0ub4dor&3", 4)
    assert engine.asked == []
    checked(engine, "How do cats purr?", 4)  # the control
    assert engine.asked


def test_one_that_dies_or_takes_too_long_leaves_all_unknown() -> None:
    assert look_with(Answering("", dies=True), MODEL)("cats") == UNKNOWN
    assert look_with(Answering(saying(0)), MODEL, patience_s=0.0)("cats") == UNKNOWN
    assert checked(Answering("", dies=True), "How do cats purr?") == "local"


def test_only_a_measured_reader_is_asked(tmp_path: Path) -> None:
    table = tmp_path / "readers.toml"
    row = '[[model]]\nfile = "reader.gguf"\nprompts = 60\ncaught = {}\nheld = 0.1\nknown = 1.0\n'
    engine = Answering(saying(0))
    assert look_of(engine, MODEL, table) is None
    table.write_text(row.format(0.5), "utf-8")
    assert look_of(engine, MODEL, table) is None
    table.write_text(row.format(0.97), "utf-8")
    assert look_of(engine, MODEL, table) is not None
    assert look_of(engine, None, table) is None
