# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removing the program: nothing goes that was not agreed to."""

from pathlib import Path

import pytest

from installers.uninstall import PROGRAM, uninstall


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A source folder after `make run`."""
    root = tmp_path / "source"
    for name in (*PROGRAM, "safespace"):
        (root / name).mkdir(parents=True)
        (root / name / "file").write_text("x")
    return root


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf with one model and one adapter on it."""
    shelf = tmp_path / "models"
    (shelf / "adapters").mkdir(parents=True)
    (shelf / "small.gguf").write_bytes(b"GGUF")
    (shelf / "adapters" / "pirate.gguf").write_bytes(b"GGUF")
    return shelf


@pytest.mark.parametrize("models_too", [True, False])
def test_models_go_only_when_asked_for(root: Path, shelf: Path, models_too: bool) -> None:
    asked: list[str] = []

    def agreed(question: str) -> bool:
        asked.append(question)
        return models_too or len(asked) == 1

    assert uninstall(root, shelf, agreed)
    assert [folder.name for folder in root.iterdir()] == ["safespace"]
    assert shelf.exists() is not models_too
    assert len(asked) == 2
    assert "small.gguf" in asked[1]
    assert "pirate.gguf" in asked[1]


def test_a_no_leaves_everything(root: Path, shelf: Path) -> None:
    assert not uninstall(root, shelf, lambda _question: False)
    assert {folder.name for folder in root.iterdir()} == {*PROGRAM, "safespace"}
    assert shelf.exists()


def test_an_empty_shelf_is_not_asked_about(root: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    def agreed(question: str) -> bool:
        asked.append(question)
        return True

    assert uninstall(root, tmp_path / "none", agreed)
    assert len(asked) == 1


def test_what_is_not_there_is_not_removed(tmp_path: Path) -> None:
    assert not uninstall(tmp_path, tmp_path, lambda _question: True)
