# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings page: every row of the table, kept at once; the shelf."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from safespace.session.entrance import Entrance
from safespace.settings import TABLE
from safespace.ui.engagement.screen import KEPT_FROM_AI
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen


def open_settings(ada: Driver) -> None:
    ada.press("Settings")
    ada.until(lambda: ada.main.settings.isVisible())


def test_every_row_of_the_table_has_its_control(at_home: Driver) -> None:
    open_settings(at_home)
    labels = {label.text() for label in seen(at_home.main, QLabel)}
    assert not {setting.label for setting in KEPT_FROM_AI} & labels
    at_home.press("How far AI goes…")
    at_home.until(at_home.main.engagement.isVisible)
    labels |= {label.text() for label in seen(at_home.main, QLabel)}
    assert {setting.label for setting in TABLE} <= labels
    assert {setting.doc for setting in TABLE} <= labels


def test_what_is_changed_is_kept(at_home: Driver, echo: Entrance) -> None:
    open_settings(at_home)
    at_home.type("Longest answer", "64")
    QTest.keyClick(_field(at_home, "Longest answer"), Qt.Key.Key_Return)
    at_home.press("How far AI goes…")
    at_home.until(at_home.main.engagement.isVisible)
    at_home.press("Topics without AI: Health")
    at_home.until_idle()
    at_home.press("Lock")
    session = echo.unlock(echo.find("Ada"), PASSPHRASE)
    assert session.get("assistant.answer_tokens") == 64
    assert session.get("guard.topics_without_ai") == ("health",)
    session.close()


def test_what_does_not_fit_is_refused_calmly(at_home: Driver) -> None:
    open_settings(at_home)
    at_home.type("Longest answer", "many")
    QTest.keyClick(_field(at_home, "Longest answer"), Qt.Key.Key_Return)
    assert "does not fit" in at_home.main.messages.text
    assert _field(at_home, "Longest answer").text() == "512"


def test_a_list_is_not_turned_by_scrolling(at_home: Driver) -> None:
    open_settings(at_home)
    (colours,) = [
        combo for combo in seen(at_home.main, QComboBox) if combo.accessibleName() == "Colours"
    ]
    before = colours.currentIndex()
    at_home.wheel(colours)
    assert colours.currentIndex() == before


def _field(ada: Driver, name: str) -> QLineEdit:
    (field,) = [field for field in seen(ada.main, QLineEdit) if field.accessibleName() == name]
    return field
