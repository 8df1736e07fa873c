# SPDX-License-Identifier: AGPL-3.0-or-later
"""The level: in plain sight, down at once, up deliberately, and at 0 nothing that asks a model."""

from collections.abc import Callable

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton

from safespace.domain import Level, Role
from safespace.session.entrance import Entrance
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.ui.inviting import inviting


def visit_every_screen(ada: Driver) -> set[str]:
    """What invites on the page of a conversation, an empty page, the settings, the help."""
    found = inviting(ada.main)
    ada.press("New conversation")
    ada.until_idle()
    found |= inviting(ada.main)
    ada.press("Settings")
    ada.until(lambda: ada.main.settings.isVisible())
    found |= inviting(ada.main)
    ada.press("Help")
    found |= inviting(ada.main)
    ada.press("Back", ada.main.help)
    return found


def test_at_level_0_nothing_asks_a_model(at_home: Driver) -> None:
    at_home.ask("Tell me something")
    at_home.ask("Was ist Fotosynthese und wie funktioniert sie?")
    at_home.press("Change")
    control = visit_every_screen(at_home)
    assert {"Ask", "Answer again", "Ask this model anyway, once", "Model"} <= control

    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: len(at_home.messages) == 4)
    at_home.main.go_to_level(Level.NO_AI)
    assert visit_every_screen(at_home) == set()
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: len(at_home.messages) == 4)
    assert visit_every_screen(at_home) == set()
    assert "No AI" in at_home.texts


def test_a_note_at_level_0_is_kept_and_no_model_loaded(
    echo: Entrance, come_in: Callable[[Entrance], Driver]
) -> None:
    ada = come_in(echo)
    ada.make_space("Ada", PASSPHRASE, Level.NO_AI)
    assert inviting(ada.main) == set()
    ada.type("Your note", "Buy bread")
    ada.press("Keep")
    ada.until(lambda: len(ada.messages) == 2 and not ada.busy)
    assert ada.messages[0].text == "Buy bread"
    assert ada.messages[1].role is Role.SAFESPACE
    assert "Kept as a note." in ada.texts
    assert ada.main.chat.composer.text == ""


def test_down_stops_what_runs(at_home: Driver) -> None:
    at_home.type("Your question", "#slow " + "word " * 600)
    at_home.enter()
    at_home.until(lambda: len(at_home.main.chat.answering.words.split()) > 5)
    menu = at_home.main.level_button.menu()
    menu.aboutToShow.emit()
    (down,) = [action for action in menu.actions() if action.text() == "0 · No AI"]
    down.trigger()
    assert at_home.main.level is Level.NO_AI
    assert "Stop" not in at_home.buttons()
    at_home.until(lambda: not at_home.busy)
    kept = at_home.messages[-1]
    assert kept.partial
    assert 5 < len(kept.text.split()) < 600
    assert "0 · No AI" in [b.text() for b in seen(at_home.main, QAbstractButton)]


def test_up_is_a_second_step_that_can_be_left(at_home: Driver) -> None:
    at_home.main.go_to_level(Level.ASK_EACH_TIME)
    assert "You have joined no cooperative" in at_home.texts
    at_home.press("Stay where I am")
    assert at_home.main.level is Level.WHEN_I_ASK
    at_home.main.go_to_level(Level.AT_MY_SIDE)
    at_home.press("Go to level 2")
    at_home.until(lambda: at_home.main.level is Level.AT_MY_SIDE)
    assert at_home.main.level_button.accessibleName() == "Level 2, At my side"


def test_levels_3_and_4_send_nothing_and_answer_here(at_home: Driver) -> None:
    at_home.main.go_to_level(Level.COOPERATIVE)
    at_home.press("Go to level 4")
    at_home.until(lambda: at_home.main.level is Level.COOPERATIVE)
    answer = at_home.ask("Tell me something")
    assert answer.mark is not None
    assert answer.mark.route.key == "local"


def test_no_shortcut_asks_a_model(at_home: Driver) -> None:
    keys = {shortcut.key().toString() for shortcut in at_home.main.findChildren(QShortcut)}
    assert keys == {"Ctrl+F", "Ctrl+N", "Ctrl+L", "Ctrl+,", "F1", "Esc"}
