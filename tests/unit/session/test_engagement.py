# SPDX-License-Identifier: AGPL-3.0-or-later
"""Levels that race: whatever happens at once, what was lower holds."""

import threading

import pytest

from safespace.domain import Level
from safespace.session.session import Session


def test_a_lower_level_that_comes_between_holds(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = session._desk.space
    keep = space.set_level

    def slowly(level: Level) -> int:
        if level is Level.AT_MY_SIDE:
            down = threading.Thread(target=session.set_level, args=(Level.NO_AI,))
            down.start()
            down.join()
        return keep(level)

    monkeypatch.setattr(space, "set_level", slowly)
    session.set_level(Level.AT_MY_SIDE, confirmed=True)
    assert session.level() is Level.NO_AI
    monkeypatch.undo()
    assert space.level()[0] is Level.NO_AI
    session.set_level(Level.WHEN_I_ASK, confirmed=True)
    assert session.level() is Level.WHEN_I_ASK


def test_the_highest_level_is_the_fourth_without_limits(session: Session) -> None:
    assert session.engagement.highest() is Level.COOPERATIVE
