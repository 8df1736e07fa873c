# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shelf on a disk that is full, comes late, or is taken away and comes back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from safespace.errors import ModelDamaged, NoModel, StorageError
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.machine import Machine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from tests.tiny_model import tiny_model, write_tiny_model
from tests.unit.store.conftest import SmallDisk, small_disk
from tests.worker.conftest import asking, done

__all__ = ["small_disk"]

ROOMY = Machine(10**12, 10**12, 2)


def answers(engine: WorkerEngine) -> bool:
    return done(list(engine.generate(asking("hello", 4)))).tokens == 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture
def reading(folder: Path) -> Iterator[WorkerEngine]:
    """A worker that was started before there was a shelf."""
    engine = WorkerEngine(models=folder, threads=1)
    engine.start()
    engine.about()
    yield engine
    engine.close()


def test_a_shelf_that_comes_later_is_read(folder: Path, reading: WorkerEngine) -> None:
    folder.mkdir()
    reading.load(write_tiny_model(folder / "tiny.gguf"))
    assert answers(reading)


def test_one_that_really_cannot_be_read_says_so(
    tmp_path: Path, folder: Path, reading: WorkerEngine
) -> None:
    folder.mkdir()
    with pytest.raises(ModelDamaged, match="cannot be read"):
        reading.load(write_tiny_model(tmp_path / "elsewhere.gguf"))


def test_a_full_disk_leaves_the_shelf_as_it_was(tmp_path: Path, small_disk: SmallDisk) -> None:
    disk = small_disk(64)
    shelf = Shelf(disk, Catalogue(()), lambda: ROOMY)
    first = shelf.add(write_tiny_model(tmp_path / "first.gguf"))
    large = tmp_path / "large.gguf"
    large.write_bytes(tiny_model() + bytes(100_000))
    with pytest.raises(StorageError, match="cannot be used") as problem:
        shelf.add(large)
    assert "room" in problem.value.way_on
    assert [file.name for file in disk.iterdir()] == ["first.gguf"]
    engine = WorkerEngine(models=disk, threads=1)
    try:
        engine.load(shelf.choose().path)
        assert shelf.choose() == first
        assert answers(engine)
    finally:
        engine.close()


def test_a_disk_that_is_taken_away_and_comes_back(tmp_path: Path, small_disk: SmallDisk) -> None:
    disk = small_disk(64)
    shelf = Shelf(disk, Catalogue(()), lambda: ROOMY)
    model = shelf.add(write_tiny_model(tmp_path / "tiny.gguf")).path
    (other,) = (shelf.add(write_tiny_model(tmp_path / "other.gguf")).path,)
    engine = WorkerEngine(models=disk, threads=1)
    try:
        engine.load(model)
        assert answers(engine)
        subprocess.run(["umount", "-l", disk], check=True)
        with pytest.raises(NoModel):
            shelf.choose()
        with pytest.raises(StorageError, match="could not be read"):
            engine.load(other)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
        shelf.add(write_tiny_model(tmp_path / "other.gguf"))
        engine.load(other)  # from a folder that this worker has never seen
        assert answers(engine)
    finally:
        engine.close()
