# SPDX-License-Identifier: AGPL-3.0-or-later
"""In the narrowest window, with large text, nothing that can be pressed is cut off."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.parts import button, row
from safespace.ui.kit.theme import Theme
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen


def cut(window: QWidget) -> list[str]:
    """The names of what has less room than its words need, or reaches beyond the window."""
    found = []
    pressed: list[QWidget] = [*seen(window, QPushButton), *seen(window, QComboBox)]
    for widget in pressed:
        right = widget.mapTo(window, QPoint(widget.width(), 0)).x()
        squeezed = isinstance(widget, QPushButton) and widget.width() < widget.sizeHint().width()
        if right > window.width() or squeezed:
            found.append(widget.accessibleName())
    return found


@pytest.fixture
def large(theme: Theme) -> Iterator[None]:
    theme.choose(text_size=150)
    yield
    theme.choose(text_size=100)


def test_nothing_to_press_is_cut_off(
    large: None, echo: Entrance, come_in: Callable[[Entrance], Driver]
) -> None:
    ada = come_in(echo)
    ada.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    main = ada.main
    assert main.minimumWidth() == min(960, main.screen().availableSize().width())
    main.resize(main.minimumWidth(), 700)
    ada.ask("Hello")
    ada.press("Delete conversation…")
    ada.press("Delete conversation")
    ada.until_idle()
    screens = {
        "Notes": main.notes,
        "Documents": main.documents,
        "Memory": main.memory,
        "Folders": main.folders,
        "Bin": main.bin,
        "Settings": main.settings,
    }
    for name, screen in screens.items():
        ada.press(name)
        ada.until(screen.isVisible)
        if name in ("Notes", "Folders"):
            ada.press(f"New {name.lower().removesuffix('s')}")
        ada.until_idle()
        assert cut(main) == [], name
    for name, screen in {
        "Models…": main.models,
        "Limits…": main.limits,
        "Keys and recovery…": main.keys,
    }.items():
        ada.press(name, main.settings)
        ada.until(screen.isVisible)
        ada.until_idle()
        assert cut(main) == [], name
        ada.press("Back", screen)
        ada.until(main.settings.isVisible)


def test_what_is_cut_off_is_seen(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    names = ("Take a copy out…", "Delete document…")
    window.setLayout(row(*(button(name, lambda: None) for name in names)))
    window.setFixedWidth(120)
    window.show()
    assert set(cut(window)) == set(names)


def test_a_flow_is_one_line_where_there_is_room_and_the_last_stands_apart(
    qtbot: QtBot, theme: Theme
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    buttons = [button(name, lambda: None) for name in ("One", "Two", "Three")]
    flow = Flow(*buttons, apart=True)
    window.setLayout(flow)
    window.resize(800, 60)
    window.show()
    assert len({one.y() for one in buttons}) == 1
    assert buttons[-1].geometry().right() == 799
    buttons[1].hide()
    flow.activate()
    assert buttons[-1].y() == buttons[0].y()
    buttons[1].show()
    window.resize(flow.minimumSize().width(), 400)
    flow.activate()
    assert [one.y() for one in buttons] == sorted({one.y() for one in buttons})
    assert flow.heightForWidth(800) < flow.heightForWidth(1)
