# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spoilt model files, given to the real worker: each is refused in one sentence, or it answers.

A file is spoilt in its bytes, lengths, counts, types, or in where it ends. Whatever the worker
does with it, we live on, and nothing but the worker's own reading happened on the disk.
"""

import hashlib
import random
import re
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from safespace.errors import EngineError, Known
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import Adapter, ChatTurn, Done, Generation
from safespace.local_ai.gguf.reading import Unsound
from safespace.local_ai.gguf.structure import check_structure
from safespace.session.session import Session
from safespace.session.turn import events
from tests.lora import write_adapter
from tests.tiny_model import WIDTH, tiny_model

NUMBERS: Final = (0, 1, 2, 3, 7, 8, 9, 31, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1)
KEYS: Final = (
    b"general.",
    b"llama.",
    b"tokenizer.",
    b"adapter.",
    b"blk.0.",
    b"token_embd",
    b"output_norm",
)

Random = random.Random


class Whole:
    """A whole file: where its head ends, and where the lengths of its keys and names stand."""

    def __init__(self, raw: bytes, last_name: bytes) -> None:
        self.raw = raw
        self.head = raw.index(last_name) + len(last_name) + 32
        self.lengths = sorted(
            found.start() - 8
            for key in KEYS
            for found in re.finditer(re.escape(key), raw)
            if found.start() < self.head
        )


Spoil = Callable[[Whole, Random], bytes]


def any_bytes(whole: Whole, chance: Random) -> bytes:
    raw = bytearray(whole.raw)
    for _byte in range(chance.randint(1, 8)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def bytes_of_the_head(whole: Whole, chance: Random) -> bytes:
    raw = bytearray(whole.raw)
    for _byte in range(chance.randint(1, 3)):
        raw[chance.randrange(whole.head)] = chance.randrange(256)
    return bytes(raw)


def a_length(whole: Whole, chance: Random) -> bytes:
    """Another length before a key or a name."""
    length = chance.choice((0, 1, 2**20, 2**31, 2**40, 2**63, 2**64 - 1, chance.randrange(64)))
    return changed(whole.raw, chance.choice(whole.lengths), struct.pack("<Q", length))


def a_count(whole: Whole, chance: Random) -> bytes:
    """Another number of tensors or entries."""
    place = chance.choice((8, 16))
    (was,) = struct.unpack_from("<Q", whole.raw, place)
    count = chance.choice((was + 1, was - 1, 0, 2**16, 2**32, 2**63, 2**64 - 1))
    return changed(whole.raw, place, struct.pack("<Q", count))


def a_number(whole: Whole, chance: Random) -> bytes:
    """Another type, or another value, of whatever stands behind a key or a name."""
    place = chance.choice(whole.lengths)
    (length,) = struct.unpack_from("<Q", whole.raw, place)
    behind = place + 8 + length + 4 * chance.randrange(4)
    return changed(whole.raw, behind, struct.pack("<I", chance.choice(NUMBERS)))


def cut(whole: Whole, chance: Random) -> bytes:
    return whole.raw[: chance.randrange(len(whole.raw))]


def weights(whole: Whole, chance: Random) -> bytes:
    """Other weights: not-a-number and the infinite among them."""
    raw = whole.raw
    for _block in range(50):
        strange = chance.choice((b"\xff\xff\xff\xff", b"\0\0\x80\x7f", b"\0\x7c\0\xfc"))
        raw = changed(raw, chance.randrange(whole.head, len(raw) - 4), strange)
    return raw


def changed(raw: bytes, place: int, value: bytes) -> bytes:
    return raw[:place] + value + raw[place + len(value) :]


SPOILS: Final = (any_bytes, bytes_of_the_head, a_length, a_count, a_number, a_number, cut, weights)
MODEL: Final = Whole(tiny_model(), b"blk.0.ffn_down.weight")


def spoilt(whole: Whole, seed: int) -> bytes:
    """The file, spoilt in the way that this number stands for."""
    spoil: Spoil = SPOILS[seed % len(SPOILS)]
    return spoil(whole, Random(seed))


def seen(folder: Path, besides: Path) -> dict[str, str]:
    """All files under `folder` with a digest of each, save one."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file != besides
    }


def ending(engine: WorkerEngine, model: Path, adapter: Path | None = None) -> str:
    """How it went: answered, or in which way not."""
    try:
        engine.load(model, Adapter(adapter) if adapter else None)
        *_events, last = engine.generate(Generation((ChatTurn("user", "a fox"),), 4))
    except EngineError as problem:
        return said_in(problem)
    assert isinstance(last, Done)
    return "answered"


def said_in(problem: Known) -> str:
    assert problem.sentence.endswith(".")
    assert problem.way_on.endswith(".")
    assert "\n" not in str(problem)
    return f"{type(problem).__name__}: {problem.sentence}"


@pytest.mark.torture("worker.mutants")
def test_a_spoilt_model_ends_in_a_sentence_or_answers(
    tmp_path: Path, share: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    shelf, model = tmp_path / "shelf", tmp_path / "shelf" / "model.gguf"
    shelf.mkdir()
    (shelf / "other.gguf").write_bytes(MODEL.raw)
    (tmp_path / "space.db").write_bytes(b"a space")
    before = seen(tmp_path, model)
    engine = WorkerEngine(models=shelf, threads=1)
    endings: Counter[str] = Counter()
    try:
        for seed in range(share(2000)):
            model.write_bytes(spoilt(MODEL, seed))
            endings[ending(engine, model)] += 1
            engine.load(shelf / "other.gguf")  # or the next would be taken for the same file
        assert ending(engine, shelf / "other.gguf") == "answered"
    finally:
        engine.close()
    request.node.user_properties.extend(endings.items())
    assert endings["answered"]
    assert len(endings) > 3
    assert seen(tmp_path, model) == before
    (tmp_path / "space.db").write_bytes(b"another")  # what was touched would have been noticed
    assert seen(tmp_path, model) != before


@pytest.mark.torture("worker.mutants")
def test_a_spoilt_adapter_ends_in_a_sentence_or_answers(
    tmp_path: Path, share: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    (tmp_path / "model.gguf").write_bytes(MODEL.raw)
    adapter = write_adapter(tmp_path / "adapter.gguf", width=WIDTH)
    whole = Whole(adapter.read_bytes(), b"lora_b")
    engine = WorkerEngine(models=tmp_path, threads=1)
    endings: Counter[str] = Counter()
    try:
        assert ending(engine, tmp_path / "model.gguf", adapter) == "answered"
        for seed in range(share(400)):
            engine.load(tmp_path / "model.gguf")
            adapter.write_bytes(spoilt(whole, seed))
            endings[ending(engine, tmp_path / "model.gguf", adapter)] += 1
        assert ending(engine, tmp_path / "model.gguf") == "answered"
    finally:
        engine.close()
    request.node.user_properties.extend(endings.items())
    assert endings["answered"]
    assert len(endings) > 1


def test_an_open_space_lives_on_with_spoilt_models(
    session: Session, engine: WorkerEngine, starter_model: Path
) -> None:
    model = starter_model.with_name("spoilt.gguf")
    answers = 0
    try:
        for seed in range(len(SPOILS)):
            model.write_bytes(spoilt(MODEL, seed))
            session.set("assistant.model", model.name)
            heard: list[events.Event] = []
            assert session.ask(None, "A fox?", heard.append, overridden=True).wait(300)
            last = heard[-1]
            if isinstance(last, events.Failed):
                assert isinstance(last.error, Known)
                assert said_in(last.error)
            else:
                assert isinstance(last, events.Answered)
                answers += 1
            engine.close()
    finally:
        model.unlink()
    assert 0 < answers < len(SPOILS)
    session.set("assistant.model", "")
    session.set("assistant.answer_tokens", 16)
    after: list[events.Event] = []
    assert session.ask(None, "Hello!", after.append).wait(300)
    assert isinstance(after[-1], events.Answered)
    assert after[-1].message.text


def test_no_spoilt_length_and_no_cut_reaches_llama_cpp(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    for spoil in (a_length, cut):
        for seed in range(100):
            content = spoil(MODEL, Random(seed))
            if content == MODEL.raw:
                continue
            model.write_bytes(content)
            with pytest.raises(Unsound):
                check_structure(model)
