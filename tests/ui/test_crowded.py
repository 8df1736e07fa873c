# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a graphics card did not take a model, the window says so beside the answer."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.store.spaces import Spaces
from tests.broken_driver import with_broken_driver
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver
from tests.unit.session.conftest import CHEAP

SENTENCE = "The graphics card did not take the model; the processor does it all for now."


@pytest.mark.skipif(sys.platform == "win32", reason="ends by a signal")
def test_the_window_says_so_once(
    echo: Entrance,
    home: Path,
    come_in: Callable[[Entrance], Driver],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = with_broken_driver(monkeypatch, "load")
    computer = replace(echo.computer, engine=lambda: engine)
    ada = come_in(Entrance(computer, Spaces(home / "spaces"), CHEAP))
    ada.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    ada.type("Your question", "hello there")
    ada.enter()
    ada.until(lambda: SENTENCE in ada.texts)
    ada.until(lambda: not ada.busy)
    assert ada.messages[-1].text == "hello there"
