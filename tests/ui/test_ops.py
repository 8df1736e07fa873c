# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work: results on the interface thread, nothing for widgets that are gone."""

import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from safespace import paths
from safespace.errors import Bug, Known, SafeSpaceError
from safespace.session.turn.events import LeftOut
from safespace.ui.kit.bridge import Bridge
from safespace.ui.kit.ops import Ops
from tests.ui.conftest import dangling


@pytest.fixture
def failures() -> list[SafeSpaceError]:
    return []


@pytest.fixture
def ops(failures: list[SafeSpaceError], qtbot: QtBot) -> Iterator[Ops]:
    made = Ops(failures.append)
    yield made
    made.close()


def test_work_is_done_elsewhere_and_delivered_here(ops: Ops, qtbot: QtBot) -> None:
    threads: list[int] = []
    owner = QObject()
    ops.run(
        owner, threading.get_ident, lambda ident: threads.extend((ident, threading.get_ident()))
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threads[1] == threading.get_ident()


def test_what_has_an_order_keeps_it(ops: Ops, qtbot: QtBot) -> None:
    done: list[int] = []
    owner = QObject()
    for number in range(50):
        ops.run(owner, lambda number=number: done.append(number))  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))


def test_nothing_is_delivered_to_what_is_gone(ops: Ops, qtbot: QtBot) -> None:
    delivered: list[str] = []
    gone, there, hold = QObject(), QObject(), threading.Event()
    ops.run(gone, hold.wait, lambda _done: delivered.append("gone"))
    ops.run(there, lambda: None, lambda _done: delivered.append("there"))
    shiboken6.delete(gone)
    hold.set()
    qtbot.waitUntil(lambda: delivered != [])
    qtbot.wait(20)
    assert delivered == ["there"]


def test_failures_end_in_one_place_unless_named(
    ops: Ops, failures: list[SafeSpaceError], qtbot: QtBot
) -> None:
    def known() -> None:
        raise Known("It did not work.")

    own: list[SafeSpaceError] = []
    owner = QObject()
    ops.run(owner, known)
    ops.run(owner, known, failed=own.append)
    qtbot.waitUntil(lambda: len(failures) == len(own) == 1)
    assert str(failures[0]) == "It did not work."


def test_a_bug_is_kept_by_type_and_line_without_a_word_of_the_person(
    ops: Ops,
    failures: list[SafeSpaceError],
    qtbot: QtBot,
    tmp_path: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAFESPACE_HOME", str(tmp_path))

    def wrong() -> None:
        raise ZeroDivisionError("my secret words")

    ops.run(QObject(ops), wrong)
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert isinstance(failures[0], Bug)
    kept = "".join(file.read_text("utf-8") for file in paths.state().rglob("*") if file.is_file())
    for said in (str(failures[0]), kept):
        assert "ZeroDivisionError" in said
        assert "wrong:" in said
        assert "secret" not in said


def test_events_of_an_earlier_turn_are_dropped(qtbot: QtBot) -> None:
    heard: list[object] = []
    parent = QObject()
    bridge = Bridge(parent, heard.append)
    earlier = bridge.listener()
    newest = bridge.listener()
    for tell, turns in ((earlier, 1), (newest, 2)):
        thread = threading.Thread(target=tell, args=(LeftOut(turns),))
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: heard != [])
    assert heard == [LeftOut(2)]


def test_what_is_left_behind_is_found(qtbot: QtBot) -> None:
    before = {thread.ident or 0 for thread in threading.enumerate()}
    assert dangling(before) == []
    hold = threading.Event()
    thread = threading.Thread(target=hold.wait, name="planted")
    thread.start()
    timer = QTimer()
    timer.start(1000)
    assert dangling(before) == ["planted", "timer of NoneType"]
    timer.stop()
    hold.set()
    thread.join()
