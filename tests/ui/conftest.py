# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real window on a real session: SQLCipher, the guard, a child process. Qt's warnings fail."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from installers import starter
from safespace.domain import Level
from safespace.local_ai.client.client import WorkerEngine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session import backing_up
from safespace.session.computer import Computer
from safespace.session.entrance import Entrance
from safespace.store.spaces import Spaces
from safespace.ui.app import dress, make_application
from safespace.ui.kit.theme import Theme
from tests.ui.driver import Driver
from tests.ui.family import Family
from tests.unit.session.conftest import CARD, CHEAP, ECHO, EMPTY_MODEL

PASSPHRASE: Final = "five quite ordinary little words"
PATIENCE_MS: Final = 60_000


def pytest_itemcollected(item: pytest.Item) -> None:
    """A warning of Qt's fails the test in which it comes."""
    if item.nodeid.startswith("tests/ui/"):
        item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
        for noise in _NOISE:
            item.add_marker(pytest.mark.qt_log_ignore(noise, extend=True))


_NOISE: Final = (
    # the offscreen platform says so of every window
    "This plugin does not support",
)


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as `run` makes it, in place of pytest-qt's own."""
    return make_application(["safespace"])


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, worn by everything."""
    made = dress(qapp, "light", 100)
    yield made
    shiboken6.delete(made)


def dangling(before: set[int]) -> list[str]:
    """Threads and running timers that are there now and were not among `before`."""
    threads = [thread.name for thread in threading.enumerate() if thread.ident not in before]
    timers = [
        f"timer of {type(thing.parent()).__name__}"
        for thing in gc.get_objects()
        if isinstance(thing, QTimer) and shiboken6.isValid(thing) and thing.isActive()
    ]
    return threads + timers


@pytest.fixture(autouse=True)
def nothing_left_behind(qtbot: QtBot) -> Iterator[None]:
    """No thread and no timer outlives a test."""
    before = {thread.ident or 0 for thread in threading.enumerate()}
    yield
    qtbot.waitUntil(lambda: not dangling(before), timeout=10_000)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "home" / "models").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def echo(home: Path) -> Entrance:
    """An entrance behind which a child process repeats what it is told."""
    shelf = home / "models"
    (shelf / CARD.file).write_bytes(EMPTY_MODEL)
    catalogue = Catalogue((CARD,))
    computer = replace(
        Computer.here(),
        catalogue=catalogue,
        shelf=Shelf(shelf, catalogue),
        engine=lambda: WorkerEngine(ECHO),
    )
    return Entrance(computer, Spaces(home / "spaces"), CHEAP)


@pytest.fixture
def real(home: Path) -> Entrance:
    """An entrance behind which the starter model answers."""
    os.link(starter.FILE, home / "models" / starter.NAME)
    return Entrance(Computer.here(), Spaces(home / "spaces"), CHEAP)


@pytest.fixture
def no_daily_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups are made when a test asks for one, and not by the clock as well."""
    monkeypatch.setattr(backing_up, "FIRST_S", 3600.0)


@pytest.fixture
def come_in(theme: Theme) -> Iterator[Callable[[Entrance], Driver]]:
    """Opens an entrance's window; every window opened is shut and gone after the test."""
    opened: list[Driver] = []

    def come(entrance: Entrance) -> Driver:
        driver = Driver(entrance)
        opened.append(driver)
        return driver

    yield come
    for driver in opened:
        driver.leave()


@pytest.fixture
def at_home(echo: Entrance, come_in: Callable[[Entrance], Driver]) -> Driver:
    """Ada's window, open at level 1, with the echo behind it."""
    driver = come_in(echo)
    driver.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    return driver


@pytest.fixture
def family(echo: Entrance, home: Path, come_in: Callable[[Entrance], Driver]) -> Family:
    """Mum and Kim, whose spaces remember each other's limits."""
    spaces = Spaces(home / "spaces", state=home / "state")
    return Family(Entrance(echo.computer, spaces, CHEAP), come_in, PASSPHRASE)
