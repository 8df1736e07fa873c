# SPDX-License-Identifier: AGPL-3.0-or-later
"""Adapters beside the models: taken in only if they are some, listed, removed."""

from pathlib import Path

import pytest

from safespace.errors import ModelDamaged, StorageError, Usage
from safespace.local_ai.shelf.adapters import Adapters, ShelfAdapter
from tests.lora import write_adapter
from tests.unit.session.conftest import EMPTY_MODEL


@pytest.fixture
def adapters(tmp_path: Path) -> Adapters:
    return Adapters(tmp_path / "adapters")


def test_one_is_taken_in_found_and_removed(adapters: Adapters, tmp_path: Path) -> None:
    assert adapters.every() == []
    file = write_adapter(tmp_path / "poet.GGUF")
    added = adapters.add(file)
    assert added == ShelfAdapter("poet.gguf", "llama", file.stat().st_size)
    assert adapters.every() == [added]
    assert adapters.file("poet.gguf").read_bytes() == file.read_bytes()
    adapters.remove("poet.gguf")
    assert adapters.every() == []
    for act in (adapters.file, adapters.remove):
        with pytest.raises(Usage):
            act("poet.gguf")


def test_a_model_and_any_other_file_are_refused(adapters: Adapters, tmp_path: Path) -> None:
    for content in (EMPTY_MODEL, b"no GGUF at all", b""):
        file = tmp_path / "file.gguf"
        file.write_bytes(content)
        with pytest.raises(ModelDamaged):
            adapters.add(file)
    with pytest.raises(StorageError):
        adapters.add(tmp_path / "missing.gguf")
    assert adapters.every() == []


def test_no_name_leads_out_of_the_folder(adapters: Adapters, tmp_path: Path) -> None:
    write_adapter(tmp_path / "outside.gguf")
    adapters.add(tmp_path / "outside.gguf")
    with pytest.raises(Usage):
        adapters.file("../outside.gguf")


def test_one_that_cannot_be_read_hides_no_other(adapters: Adapters, tmp_path: Path) -> None:
    added = adapters.add(write_adapter(tmp_path / "poet.gguf"))
    (tmp_path / "adapters" / "away.gguf").symlink_to(tmp_path / "a disk that is gone")
    assert adapters.every() == [added]
    assert adapters.file("poet.gguf").is_file()
