# SPDX-License-Identifier: AGPL-3.0-or-later
"""The timeline: asks who is there, shows, filters, removes, checks, and holds nothing when left."""

import json
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safespace.store.connection import Database
from safespace.store.rooms.activity import Exit, Removed, Way
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless
from tests.unit.store.formats import fill_record

FIELD = "Passphrase or recovery code"


def open_record(ada: Driver) -> None:
    ada.press("Activity")
    ada.type(FIELD, PASSPHRASE)
    ada.press("Show it")
    ada.until(lambda: ada.main.activity.isVisibleTo(ada.main))


def filled(ada: Driver) -> None:
    fill_record(ada.main._session._space, datetime.now(UTC))


def test_it_opens_for_the_passphrase_alone_and_holds_nothing_afterwards(at_home: Driver) -> None:
    filled(at_home)
    at_home.press("Activity")
    at_home.type(FIELD, "somebody else's words")
    at_home.press("Show it")
    at_home.until(lambda: "not the passphrase" in at_home.texts)
    at_home.press("Leave it as it is")
    screen = at_home.main.activity
    assert not screen.isVisibleTo(at_home.main)
    assert not list(screen.list.lines)
    open_record(at_home)
    assert len(screen.list.lines) == 5
    assert "Something left by your own hand 1 time." in at_home.texts
    assert nameless(at_home.main) == []
    at_home.press("Back", screen)
    assert not list(screen.list.lines)
    assert "by your own hand" not in screen._left.text()
    QTest.keyClick(at_home.main, Qt.Key.Key_Escape)
    open_record(at_home)


def test_filters_show_what_they_say(at_home: Driver) -> None:
    filled(at_home)
    at_home.ask("say this again")
    open_record(at_home)
    list_ = at_home.main.activity.list
    for name, many in (
        ("What left this computer", 2),
        ("Here", 3),
        ("By the cooperative", 1),
        ("Without AI", 0),
        ("Everything", 6),
    ):
        at_home.choose("Show", name)
        assert len(list_.lines) == many, name
    at_home.choose("Show", "Without AI")
    assert "There is nothing like this in the record." in at_home.texts
    at_home.choose("Show", "Here")
    list_.setCurrentIndex(list_.model().index(0, 0))
    assert "bytes were judged. Nothing left this computer. It was answered." in at_home.texts


def test_an_entry_goes_after_a_question_and_that_it_went_stays(at_home: Driver) -> None:
    filled(at_home)
    open_record(at_home)
    screen = at_home.main.activity
    place = next(number for number, line in enumerate(screen._lines) if isinstance(line, Exit))
    screen.list.setCurrentIndex(screen.list.model().index(place, 0))
    at_home.press("Remove entry…")
    assert "Remove this entry?" in at_home.texts
    at_home.press("Remove")
    at_home.until(lambda: not [line for line in screen._lines if isinstance(line, Exit)])
    at_home.press("Remove all shown…")
    at_home.press("Remove")
    at_home.until(lambda: {type(line) for line in screen._lines} == {Removed})
    assert "Remove all shown…" not in at_home.buttons()
    at_home.press("Check the record")
    at_home.until(lambda: "The record is whole" in at_home.texts)


def test_a_record_that_was_changed_says_so_when_it_opens(at_home: Driver) -> None:
    filled(at_home)
    at_home.main._session._space._owner.do(
        Database.change, "UPDATE record SET body = x'7b7d' WHERE n = (SELECT max(n) FROM record)"
    )
    open_record(at_home)
    at_home.until(lambda: "The record was changed or damaged" in at_home.texts)


def test_taking_it_along_asks_again_and_is_itself_noted(at_home: Driver, tmp_path: Path) -> None:
    open_record(at_home)
    at_home.main.activity.write_into(tmp_path)
    assert "not encrypted" in at_home.texts
    at_home.type(FIELD, PASSPHRASE)
    at_home.press("Write it")
    at_home.until(lambda: "Written to" in at_home.texts)
    (file,) = tmp_path.glob("safespace-activity-*.json")
    assert file.stat().st_mode & 0o077 == 0
    assert [one["way"] for one in json.loads(file.read_text())["left"]] == [Way.RECORD]
