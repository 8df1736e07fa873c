# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on what is checked and when."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safespace.session.checks import truth
from safespace.ui.checks_screen import ChecksScreen
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless

pytestmark = pytest.mark.usefixtures("no_daily_backup")


@pytest.fixture(autouse=True)
def asked_for_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No check of itself."""
    monkeypatch.setattr(truth, "FIRST_S", 3600.0)


def open_checks(ada: Driver) -> ChecksScreen:
    ada.press("Settings")
    ada.until(ada.main.settings.isVisible)
    ada.press("What is checked, and when…")
    ada.until(ada.main.checks.isVisible)
    return ada.main.checks


def test_everything_is_checked_by_one_button(at_home: Driver) -> None:
    made = at_home.main._session.backups.make()
    open_checks(at_home)
    assert "Nothing, so far." in at_home.texts
    assert nameless(at_home.main) == []
    at_home.press("Check everything now")
    at_home.until(lambda: "the space, and 1 backup of it" in at_home.texts)
    assert "Every page and every change is whole." in at_home.texts
    made.file.write_bytes(made.file.read_bytes()[:-1])
    at_home.press("Check everything now")
    at_home.until(lambda: "Something is not as it should be" in at_home.texts)
    assert f"This one is not whole: {made.file.name}" in at_home.texts
    at_home.press("Back")
    at_home.until(at_home.main.settings.isVisible)


def test_what_was_noticed_stays_there_once_it_was_seen(at_home: Driver) -> None:
    at_home.ask("Words of mine")
    session = at_home.main._session
    gone = "DELETE FROM chain WHERE n = (SELECT max(n) - 2 FROM chain)"
    session._space._owner.do(lambda database: database.change(gone))
    session.truth.check()
    screen = open_checks(at_home)
    assert "Something that was saved in this space is not there any more." in at_home.texts
    at_home.press("I have seen it", screen)
    at_home.until(lambda: "You have seen it." in at_home.texts)
    assert session.truth.noticed() == []
    QTest.keyClick(at_home.main, Qt.Key.Key_Escape)
    at_home.until(at_home.main.chat.isVisible)
