# SPDX-License-Identifier: AGPL-3.0-or-later
"""Heads of model files, whole and broken."""

import os
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.errors import ModelDamaged, StorageError
from safespace.local_ai.gguf.head import read_head
from tests.heads import gguf

VALUES: dict[str, int | float | bool | str | list[str]] = {
    "general.architecture": "llama",
    "general.tags": ["text", "small"],
    "llama.block_count": 30,
    "llama.rope.freq_base": 0.5,
    "llama.tied": True,
    "tokenizer.ggml.tokens": ["never", "read"],
}


def test_a_head_gives_its_values_up_to_the_vocabulary(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(gguf(VALUES))
    head = read_head(file)
    assert head.values == {
        "general.architecture": "llama",
        "llama.block_count": 30,
        "llama.rope.freq_base": 0.5,
        "llama.tied": True,
    }
    assert head.number("block_count") == 30
    assert head.number("rope.freq_base") == 0
    assert head.number("no_such_key") == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_model_and_nobody_waits_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    with pytest.raises(ModelDamaged, match="is not a model file"):
        read_head(pipe)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        b"not a model, but a long enough text to be one",
        gguf(VALUES, version=1),
        gguf(VALUES, version=9),
        b"GGUF" + struct.pack(">IQQ", 3, 0, 0),
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 2**40),
        struct.pack("<4sIQQQ", b"GGUF", 3, 0, 1, 2**60),
        struct.pack("<4sIQQQ1sI", b"GGUF", 3, 0, 1, 1, b"k", 99),
        struct.pack("<4sIQQQ1sIIQ", b"GGUF", 3, 0, 1, 1, b"k", 9, 4, 2**50),
        struct.pack("<4sIQQQ1sII", b"GGUF", 3, 0, 1, 1, b"\xff", 4, 1),
        struct.pack("<4sIQQQ1sIB", b"GGUF", 3, 0, 1, 1, b"k", 7, 2),
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 2) + struct.pack("<Q1sII", 1, b"k", 4, 1) * 2,
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"model\.gguf") as refusal:
        read_head(file)
    assert refusal.value.way_on


@settings(
    derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, len(gguf(VALUES)) - 60))
def test_a_head_cut_off_anywhere_is_refused(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(gguf(VALUES)[:cut])
    with pytest.raises(ModelDamaged):
        read_head(file)


def test_a_missing_file_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        read_head(tmp_path / "gone.gguf")
