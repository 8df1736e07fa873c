# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closing the window: the backup that is due comes first, and can be skipped."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from safespace.errors import StorageError
from safespace.session import backing_up
from safespace.store.backups import backups
from safespace.store.backups.backups import Backup
from tests.ui.driver import Driver


@pytest.fixture(autouse=True)
def not_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backing_up, "FIRST_S", 3600.0)


def kept(at_home: Driver) -> list[Backup]:
    return at_home.main._session.backups.kept()


def test_the_backup_of_the_day_comes_first_and_then_the_window_goes(at_home: Driver) -> None:
    assert kept(at_home) == []
    at_home.main.close()
    at_home.until(lambda: not at_home.main.isVisible())
    assert len(kept(at_home)) == 1


def test_with_one_of_today_it_goes_at_once(
    at_home: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home.main._session.backups.make()
    monkeypatch.setattr(at_home.main._session.backups, "at_close", None)  # never called
    at_home.main.close()
    at_home.until(lambda: not at_home.main.isVisible())


def test_it_can_be_skipped(at_home: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: object, stopped: Callable[[], bool], **_named: object) -> None:
        while not stopped():
            threading.Event().wait(0.01)
        raise StorageError("called off")

    monkeypatch.setattr(backups, "make", slow)
    at_home.main.close()
    at_home.main.close()  # pressed twice: one sheet
    at_home.until(lambda: "Close without it" in at_home.buttons())
    assert at_home.buttons().count("Close without it") == 1
    assert at_home.main.isVisible()
    at_home.press("Close without it")
    at_home.until(lambda: not at_home.main.isVisible())
    assert kept(at_home) == []


def test_a_folder_that_vanishes_is_said_and_the_window_goes_on(
    at_home: Driver, tmp_path: Path
) -> None:
    at_home.ask("before")
    folder = at_home.main._session.leaving._info.folder
    folder.rename(tmp_path / "away")
    at_home.type("Your question", "while it is away")
    at_home.enter()
    at_home.until(lambda: "no longer where it was" in at_home.main.messages.text)
    at_home.until_idle()
    at_home.until(lambda: not at_home.busy)
    assert at_home.main.chat.composer.text == "while it is away"  # nothing typed is lost
    (tmp_path / "away").rename(folder)
    assert at_home.ask("after").text == "after"
    assert [message.text for message in at_home.messages] == ["before"] * 2 + ["after"] * 2
