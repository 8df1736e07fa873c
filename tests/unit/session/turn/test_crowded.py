# SPDX-License-Identifier: AGPL-3.0-or-later
"""A graphics card that a model did not fit on: the answer comes, and says so once."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.session.entrance import Entrance
from safespace.session.turn import asking
from safespace.store.spaces import Spaces
from tests.broken_driver import with_broken_driver
from tests.unit.session.conftest import CHEAP

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends by a signal")


def test_a_card_that_is_done_without_is_told_of_once(
    entrance: Entrance, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = with_broken_driver(monkeypatch, "load")
    computer = replace(entrance.computer, engine=lambda: engine)
    space = Entrance(computer, Spaces(home / "spaces"), CHEAP)
    session, _code = space.create("Ada", "five quite ordinary little words")
    try:
        first, second = (list(asking.ask(session, "hello there"))[-1]["outcome"] for _ in "ab")
    finally:
        session.close()
    assert first["answer"] == second["answer"] == "hello there"
    assert first["crowded"].startswith("The graphics card did not take the model")
    assert second["crowded"] == ""
