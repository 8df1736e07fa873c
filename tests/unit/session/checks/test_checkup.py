# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safespace doctor` says of the walls around a model: what the system gave, no more."""

import sys
from pathlib import Path
from typing import Any

import pytest

from safespace.local_ai import graphics
from safespace.local_ai.machine import Card
from safespace.local_ai.walls.names import LANDLOCK, SECCOMP
from safespace.session.checks import checkup
from safespace.session.computer import Computer
from tests.heads import write_model


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_where_nobody_has_tried_it_says_so(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    found = checkup._walls(())
    assert not found.well
    assert not found.essential
    assert found.seen.startswith("Not verified on this system")
    assert "doctor --walls" in found.to_do


def test_a_graphics_card_is_named_or_why_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    card = Card("Some Card", 3 * 10**9, 8 * 10**9)
    monkeypatch.setattr(graphics, "built_for", lambda: ())
    assert "for the processor alone" in checkup._graphics((), wanted=True).seen
    monkeypatch.setattr(graphics, "built_for", lambda: ("vulkan",))
    assert "as you chose" in checkup._graphics((), wanted=False).seen
    assert checkup._graphics((), wanted=True).seen == "None was found (vulkan)."
    found = checkup._graphics((card, card), wanted=True)
    assert found.well
    assert found.seen.startswith("Some Card, 3.0 GB of 8.0 GB free + Some Card")
    assert "speak to the driver" in found.seen


def test_walls_that_the_kernel_gave_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    both = checkup._walls((LANDLOCK, SECCOMP))
    assert both.well
    assert LANDLOCK in both.seen
    assert SECCOMP in both.seen
    one = checkup._walls((SECCOMP,))
    assert not one.well
    assert SECCOMP in one.seen
    assert one.to_do
    none = checkup._walls(())
    assert not none.well
    assert "none" in none.seen


def test_a_shelf_without_a_model_that_answers_is_told_of(home: Path) -> None:
    computer = Computer.here()
    assert "is empty" in checkup._shelf(computer).seen
    computer.shelf.folder.mkdir(parents=True)
    finds: dict[str, Any] = {"general.architecture": "bert"}
    write_model(computer.shelf.folder / "finds.gguf", **finds)
    found = checkup._shelf(computer)
    assert (found.well, found.seen) == (False, "No model on the shelf answers: finds.gguf")
    write_model(computer.shelf.folder / "answers.gguf")
    assert checkup._shelf(computer).well
