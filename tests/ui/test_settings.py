# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings page: every row of the table, kept at once; the shelf."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from safespace.session.entrance import Entrance
from safespace.settings import TABLE
from safespace.ui.engagement.screen import KEPT_FROM_AI
from safespace.ui.settings.model_shelf import ModelShelf
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.unit.session.conftest import EMPTY_MODEL


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


def test_a_model_file_is_put_on_the_shelf(at_home: Driver, tmp_path: Path, home: Path) -> None:
    open_settings(at_home)
    (shelf,) = seen(at_home.main, ModelShelf)
    shelf.add(tmp_path / "missing.gguf")
    at_home.until(lambda: shelf.outcome not in ("", "Checking and copying…"))
    assert "on the shelf now" not in shelf.outcome
    model = tmp_path / "other.gguf"
    model.write_bytes(EMPTY_MODEL + b"\0")
    shelf.add(model)
    at_home.until(lambda: "is on the shelf now" in shelf.outcome)
    assert (home / "models" / "other.gguf").exists()


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
