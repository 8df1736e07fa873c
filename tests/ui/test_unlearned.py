# SPDX-License-Identifier: AGPL-3.0-or-later
"""No input method may learn what is typed, in any field of any screen."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from safespace.session.entrance import Entrance
from safespace.ui.kit.unlearned import HINTS
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen


def fields(within: QWidget) -> list[QLineEdit | QPlainTextEdit | QTextEdit]:
    return [*seen(within, QLineEdit), *seen(within, QPlainTextEdit), *seen(within, QTextEdit)]


def focus_each(driver: Driver) -> int:
    """Go into every field that is to be seen; how many there were."""
    found = fields(driver.window)
    for field in found:
        driver.window.activateWindow()
        field.setFocus()
        driver.until(field.hasFocus)
        assert field.inputMethodHints() & HINTS == HINTS, field.accessibleName()
    return len(found)


def test_every_field_is_marked_once_it_is_gone_into(
    come_in: Callable[[Entrance], Driver], echo: Entrance
) -> None:
    ada = come_in(echo)
    assert focus_each(ada) == 1
    ada.type("Your name", "Ada")
    ada.press("Go on")
    ada.until(lambda: len(fields(ada.window)) == 2)
    assert focus_each(ada) == 2
    for _time in range(2):  # shown, and hidden again
        ada.press("Show “Passphrase”" if _time == 0 else "Hide “Passphrase”")
        passphrase = fields(ada.window)[0]
        assert passphrase.inputMethodHints() & HINTS == HINTS
    assert QLineEdit().inputMethodHints() & HINTS != HINTS  # the control


def test_where_the_member_writes_and_searches(at_home: Driver) -> None:
    at_home.ask("hello")
    assert focus_each(at_home) >= 2
    at_home.main.side.list.setCurrentRow(0)
    at_home.main.side.list.rename_action.trigger()
    at_home.until(lambda: any(field.text() == "hello" for field in seen(at_home.window, QLineEdit)))
    (title,) = [field for field in seen(at_home.window, QLineEdit) if field.text() == "hello"]
    assert title.inputMethodHints() & HINTS == HINTS


def test_the_recovery_code_is_not_learned(
    come_in: Callable[[Entrance], Driver], echo: Entrance
) -> None:
    session, _code = echo.create("Ada", PASSPHRASE)
    session.close()
    ada = come_in(echo)
    ada.press("Use the recovery code")
    assert focus_each(ada) == 1
