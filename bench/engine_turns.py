# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the engine saves itself: a follow-up turn, and an answer that quotes. And how soon it is
ready, and silent again.

    python -m bench.engine_turns [SHARE]

Ratios of one run: same worker, same model, one thread, so that whatever else the computer does
befalls both sides. SHARE (of the tries of a cancel) is 1 unless told.
"""

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from bench.home import MODEL
from bench.measured import Measured
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import Begun, ChatTurn, Done, Generation, Text
from safespace.local_ai.protocol import Load
from safespace.local_ai.worker.worker import LlamaBackend
from safespace.session.turn import briefing, sources
from safespace.store.keys.wraps import Cost
from safespace.store.rooms.bookmarks import Bookmark
from safespace.store.space import Space
from safespace.store.spaces import Spaces

ROUNDS: Final = 5
CANCELS: Final = 200
HISTORY: Final = 2000
LONG: Final = 4000
_CHEAP: Final = Cost(memory_kib=64, passes=1, lanes=1)
_SYSTEM: Final = ChatTurn("system", "You are a helpful assistant.")
_SUBJECTS: Final = ("harbour", "garden", "kitchen", "station", "library")
_PASSAGE: Final = (
    "The ferry to the island leaves the harbour at nine in the morning and at four in the"
    " afternoon. Bicycles travel free of charge, and dogs need a ticket of their own. In winter"
    " the second ferry sails only on Saturdays, and in a storm none does. Whoever misses the last"
    " one can stay at the inn beside the lighthouse, which has eleven rooms and serves soup."
)


def figures(share: float = 1.0) -> Mapping[str, Measured]:
    """All of them."""
    engine = WorkerEngine(threads=1, models=MODEL.parent)
    try:
        engine.load(MODEL)
        return {
            "engine.followup_ratio": _followup(engine, _nothing),
            "engine.followup_document": _followup(engine, _passages),
            "engine.followup_memory": _followup(engine, _memory),
            "engine.quoting_ratio": _quoting(),
            "engine.reopening_ratio": _reopening(engine),
            "engine.cancel_p99_ms": _cancelling(engine, round(CANCELS * share)),
            "engine.ready_s": _ready(),
        }
    finally:
        engine.close()


def history(tokens: int, seed: int) -> tuple[ChatTurn, ...]:
    """Exchanges of about so many tokens, other ones for another seed."""
    words = random.Random(seed)  # noqa: S311 - no secret
    turns: list[ChatTurn] = [_SYSTEM]
    for number in range(tokens // 38):
        subject = words.choice(_SUBJECTS)
        turns += [
            ChatTurn("user", f"What is in the {subject} of house {words.randrange(900)}?"),
            ChatTurn("assistant", f"There is a lamp, a chair and the {subject} door {number}."),
        ]
    return tuple(turns)


def heard(
    engine: WorkerEngine, turns: tuple[ChatTurn, ...], most: int, beside: str = ""
) -> tuple[str, float, Done]:
    """The answer, the seconds until its first words came here, and how it ended."""
    asked = time.perf_counter()
    first, text = 0.0, ""
    for event in engine.generate(Generation(turns, most, beside=beside)):
        if isinstance(event, Text):
            first = first or time.perf_counter() - asked
            text += event.text
        elif isinstance(event, Done):
            return text, first, event
    raise AssertionError("an engine ends with Done")


def _nothing(_seed: int) -> str:
    return ""


def _passages(seed: int) -> str:
    """As many and as long ones as go along with a question."""
    said = _prose(seed, sources.MOST * sources.ROOM)
    places = range(0, len(said), sources.ROOM)
    return briefing.beside((), [f"[{at}] <<<{said[at : at + sources.ROOM]}>>>" for at in places])


def _memory(seed: int) -> str:
    """As many lines as there is room for, chosen from more."""
    said = _prose(seed, briefing.ROOM)
    return briefing.beside([said[at : at + 40] for at in range(0, len(said), 40)], None)


def _prose(seed: int, characters: int) -> str:
    words = random.Random(seed).choices(_PASSAGE.split(), k=characters)  # noqa: S311 - no secret
    return " ".join(words)[:characters]


def _followup(engine: WorkerEngine, beside: Callable[[int], str]) -> Measured:
    """`beside`: what goes along with one question, and with the next, which is other text."""
    ratios, full, following, tokens = [], [], [], 0
    for round_ in range(ROUNDS):
        asked = (*history(HISTORY, round_), ChatTurn("user", "Which of these rooms is largest?"))
        one, other = beside(2 * round_), beside(2 * round_ + 1)
        begun = next(engine.generate(Generation(asked, 1, beside=one)))
        tokens = begun.prompt_tokens if isinstance(begun, Begun) else 0
        _afresh(engine)
        said, whole, _done = heard(engine, asked, 24, one)
        more = (*asked, ChatTurn("assistant", said), ChatTurn("user", "And the smallest?"))
        _said, part, _done = heard(engine, more, 4, other)
        ratios.append(part / whole)
        full.append(whole)
        following.append(part)
    return Measured(
        round(statistics.median(ratios), 3),
        f"{statistics.median(following):.3f} s after {statistics.median(full):.2f} s for {tokens}"
        f" tokens, {ROUNDS} conversations",
    )


def _reopening(engine: WorkerEngine) -> Measured:
    """Another worker, as after a restart; the bookmark comes from a space on the disk."""
    ratios, full, reopened = [], [], []
    tokens = size = 0
    with tempfile.TemporaryDirectory() as folder:
        new = Spaces(Path(folder)).create("Bench", "measured beside the harbour", _CHEAP)
        for round_ in range(ROUNDS):
            _afresh(engine)
            asked = (*history(HISTORY, 50 + round_), ChatTurn("user", "Which room is largest?"))
            said, whole, _done = heard(engine, asked, 24)
            space = Space(new.info.folder, new.key)
            conversation = space.new_conversation("Rooms").id
            tokens, state = engine.keep()
            size = len(state)
            space.bookmarks.keep(conversation, "bench", Bookmark(tokens, state), 1 << 30)
            space.close()
            _afresh(engine)
            space = Space(new.info.folder, new.key)
            begun = time.perf_counter()
            bookmark = space.bookmarks.open(conversation, "bench")
            assert bookmark is not None
            engine.recall(bookmark.state)
            brought = time.perf_counter() - begun
            more = (*asked, ChatTurn("assistant", said), ChatTurn("user", "And the smallest?"))
            _said, first, _done = heard(engine, more, 4)
            space.close()
            ratios.append((brought + first) / whole)
            full.append(whole)
            reopened.append(brought + first)
    return Measured(
        round(statistics.median(ratios), 3),
        f"{statistics.median(reopened):.2f} s, unsealing and pipe included, after"
        f" {statistics.median(full):.2f} s; {tokens} tokens, {size / 1e6:.0f} MB, {ROUNDS} times",
    )


def _afresh(engine: WorkerEngine) -> None:
    """A worker that has read nothing, and has computed once."""
    engine.close()
    engine.load(MODEL)
    heard(engine, (_SYSTEM, ChatTurn("user", "Hello!")), 1)


def _quoting() -> Measured:
    """Guessing on and off in alternation."""
    backend = LlamaBackend()
    backend.load(Load(str(MODEL), 1))
    turns = (
        _SYSTEM,
        ChatTurn("user", f"Please copy the following text exactly as it is:\n\n{_PASSAGE}"),
    )
    paces: list[tuple[float, float]] = []
    copied = 0.0
    for _round in range(ROUNDS + 1):
        text, on = _pace(backend, turns, guessing=True)
        _text, off = _pace(backend, turns, guessing=False)
        paces.append((on, off))
        copied = SequenceMatcher(None, text, _PASSAGE, autojunk=False).ratio()
    del paces[0]  # it read the prompt, and the model file
    on, off = (statistics.median(side) for side in zip(*paces, strict=True))
    return Measured(
        round(statistics.median(on / off for on, off in paces), 2),
        f"{on:.0f} over {off:.0f} tokens/s, {ROUNDS} pairs, one thread; the copy is"
        f" {100 * copied:.0f} % like the passage",
    )


def _pace(
    backend: LlamaBackend, turns: tuple[ChatTurn, ...], *, guessing: bool
) -> tuple[str, float]:
    assert backend._read is not None
    backend._read.returns = guessing
    moments, text = [], b""
    for step in backend.generate(Generation(turns, 96), lambda: False):
        if isinstance(step, bytes):
            moments.append(time.perf_counter())
            text += step
    return text.decode("utf-8", "replace"), (len(moments) - 1) / (moments[-1] - moments[0])


def _cancelling(engine: WorkerEngine, tries: int) -> Measured:
    """From `stop` to the last event: every other one while a long prompt is being read."""
    moments = random.Random(4000)  # noqa: S311 - no secret
    reading: list[float] = []
    writing: list[float] = []
    for number in range(tries):
        long = number % 2 == 0
        turns = (
            (*history(LONG, number), ChatTurn("user", "Which room is largest?"))
            if long
            else (_SYSTEM, ChatTurn("user", "Write a long story about a fox who sails."))
        )
        silence = _stopped(engine, turns, moments.uniform(0.05, 1.5), while_reading=long)
        (reading if long else writing).append(silence * 1000)
    whole = sorted(reading + writing)
    p99 = whole[min(len(whole) - 1, -(-len(whole) * 99 // 100) - 1)]
    return Measured(
        round(p99, 1),
        f"{len(reading)} while reading {LONG} tokens, median {statistics.median(reading):.0f} ms,"
        f" and {len(writing)} while answering, median {statistics.median(writing):.0f} ms; the"
        f" slowest {whole[-1]:.0f} ms",
    )


def _stopped(
    engine: WorkerEngine, turns: tuple[ChatTurn, ...], moment: float, *, while_reading: bool
) -> float:
    stopped = 0.0

    def stop() -> None:
        nonlocal stopped
        stopped = time.perf_counter()
        engine.stop()

    timer = threading.Timer(moment, stop)
    for event in engine.generate(Generation(turns, 2000, temperature=0.7)):
        begins = isinstance(event, Begun if while_reading else Text)
        if begins and not timer.is_alive() and not stopped:
            timer.start()
    silent = time.perf_counter()
    timer.join()
    return silent - stopped


def _ready() -> Measured:
    seconds = []
    for _round in range(ROUNDS):
        engine = WorkerEngine(threads=1, models=MODEL.parent)
        begun = time.perf_counter()
        try:
            engine.load(MODEL)
            seconds.append(time.perf_counter() - begun)
        finally:
            engine.close()
    return Measured(round(statistics.median(seconds), 2), f"{ROUNDS} starts")


if __name__ == "__main__":
    seen = figures(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
    print(json.dumps({name: asdict(each) for name, each in seen.items()}, indent=1))
