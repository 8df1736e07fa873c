# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spoilt model files, given to the real worker: each is refused in one sentence, or it answers.

A file is spoilt in its bytes, lengths, counts, types, or in where it ends. Whatever the worker
does with it, we live on, and nothing but the worker's own reading happened on the disk.
"""

import hashlib
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from safespace.errors import EngineError
from safespace.local_ai.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Done, Generation
from safespace.local_ai.structure import Unsound, check_structure
from tests.tiny_model import tiny_model

WHOLE: Final = tiny_model()
HEAD: Final = WHOLE.index(b"blk.0.ffn_down.weight") + 60
"""Where the weights begin, or a few bytes before."""
NUMBERS: Final = (0, 1, 2, 3, 7, 8, 9, 31, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1)

Random = random.Random
Spoil = Callable[[bytearray, Random], bytearray]


def any_bytes(raw: bytearray, chance: Random) -> bytearray:
    for _byte in range(chance.randint(1, 8)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return raw


def bytes_of_the_head(raw: bytearray, chance: Random) -> bytearray:
    for _byte in range(chance.randint(1, 3)):
        raw[chance.randrange(HEAD)] = chance.randrange(256)
    return raw


def a_length(raw: bytearray, chance: Random) -> bytearray:
    """Another length before a string."""
    place = chance.choice(list(_lengths()))
    length = chance.choice((0, 1, 2**20, 2**31, 2**40, 2**63, 2**64 - 1, chance.randrange(64)))
    raw[place : place + 8] = struct.pack("<Q", length)
    return raw


def a_count(raw: bytearray, chance: Random) -> bytearray:
    """Another number of tensors or entries."""
    place = chance.choice((8, 16))
    (was,) = struct.unpack_from("<Q", raw, place)
    count = chance.choice((was + 1, was - 1, 0, 2**16, 2**32, 2**63, 2**64 - 1))
    raw[place : place + 8] = struct.pack("<Q", count)
    return raw


def a_number(raw: bytearray, chance: Random) -> bytearray:
    """Another type, or another value, of whatever stands behind a key or a name."""
    place = chance.choice(list(_lengths()))
    (length,) = struct.unpack_from("<Q", raw, place)
    behind = place + 8 + length + 4 * chance.randrange(4)
    raw[behind : behind + 4] = struct.pack("<I", chance.choice(NUMBERS))
    return raw


def cut(raw: bytearray, chance: Random) -> bytearray:
    return raw[: chance.randrange(len(raw))]


def weights(raw: bytearray, chance: Random) -> bytearray:
    """Other weights: not-a-number and the infinite among them."""
    for _block in range(50):
        place = chance.randrange(HEAD, len(raw) - 4)
        raw[place : place + 4] = chance.choice(
            (b"\xff\xff\xff\xff", b"\0\0\x80\x7f", b"\0\x7c\0\xfc")
        )
    return raw


SPOILS: Final = (any_bytes, bytes_of_the_head, a_length, a_count, a_number, a_number, cut, weights)


def _lengths() -> Iterator[int]:
    """Where the keys of entries and the names of tensors begin."""
    for said in (b"general.", b"llama.", b"tokenizer.", b"blk.0.", b"token_embd", b"output_norm"):
        place = WHOLE.find(said)
        while 0 <= place < HEAD:
            yield place - 8
            place = WHOLE.find(said, place + 1)


def seen(folder: Path, besides: Path) -> dict[str, str]:
    """All files under `folder` with a digest of each, save one."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file != besides
    }


def ending(engine: WorkerEngine, model: Path) -> str:
    """How it went: answered, or in which way not."""
    try:
        engine.load(model)
        *_events, last = engine.generate(Generation((ChatTurn("user", "a fox"),), 4))
    except EngineError as problem:
        return said_in(problem)
    assert isinstance(last, Done)
    return "answered"


def said_in(problem: EngineError) -> str:
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
    (shelf / "other.gguf").write_bytes(WHOLE)
    (tmp_path / "space.db").write_bytes(b"a space")
    before = seen(tmp_path, model)
    engine = WorkerEngine(models=shelf, threads=1)
    endings: Counter[str] = Counter()
    try:
        for seed in range(share(2000)):
            chance = Random(seed)
            spoil: Spoil = SPOILS[seed % len(SPOILS)]
            model.write_bytes(spoil(bytearray(WHOLE), chance))
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


def test_no_spoilt_length_and_no_cut_reaches_llama_cpp(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    for spoil in (a_length, cut):
        for seed in range(100):
            spoilt = spoil(bytearray(WHOLE), Random(seed))
            if spoilt == WHOLE:
                continue
            model.write_bytes(spoilt)
            with pytest.raises(Unsound):
                check_structure(model)
