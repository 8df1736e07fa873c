# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker reads the shelf of every account too, and no other folder."""

import os
from pathlib import Path

import pytest

from safespace import paths
from safespace.errors import EngineError
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.engine import ChatTurn, Done, Generation
from safespace.local_ai.walls.names import LANDLOCK
from safespace.session.computer import Computer

ASK = Generation((ChatTurn("user", "Hello"),), 4)


def test_a_model_of_every_account_answers(
    tmp_path: Path, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path / "home"))
    paths.shared_shelf().mkdir(parents=True)
    os.link(starter_model, paths.shared_shelf() / starter_model.name)
    computer = Computer.here()
    model = computer.shelf.choose("")
    assert model.path.parent == paths.shared_shelf()
    engine = computer.engine()
    try:
        engine.load(model.path)
        assert any(isinstance(event, Done) for event in engine.generate(ASK))
    finally:
        engine.close()
    narrow = WorkerEngine(models=paths.shelf())
    try:  # the control: a worker that was not told of that folder cannot read it
        if LANDLOCK in narrow.about().walls:
            with pytest.raises(EngineError):
                narrow.load(model.path)
    finally:
        narrow.close()
