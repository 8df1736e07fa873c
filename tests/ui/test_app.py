# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application itself: a quick entrance, nothing of its own on disk, calm about bugs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.ui.kit.choose_file import choose_folder
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver

LATE = (
    "safespace.ui.window.main_window",
    "safespace.ui.chat.view",
    "PySide6.QtPrintSupport",
    "zxcvbn",
)
"""Modules that an entrance does without."""


def test_the_entrance_imports_only_what_it_shows(home: Path) -> None:
    look = (
        "import sys; from safespace.ui.app import *; "
        "a = make_application(['x']); dress(a, 'light', 100); "
        "from safespace.session.entrance import Entrance; "
        "w = EntranceWindow(Entrance.here()); w.show(); a.processEvents(); "
        "print(*sys.modules, sep='\\n'); w.shut()"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120
    )
    imported = set(done.stdout.split())
    assert "safespace.ui.entrance.window" in imported
    assert imported & set(LATE) == set()
    assert not {name for name in imported if name.startswith("PySide6.QtNetwork")}


def test_qt_writes_nothing_to_disk(at_home: Driver, home: Path, tmp_path: Path) -> None:
    control = QSettings(str(tmp_path / "control.ini"), QSettings.Format.IniFormat)
    control.setValue("planted", 1)
    control.sync()
    assert (tmp_path / "control.ini").exists()

    settings = QSettings(QSettings.Scope.UserScope, "QtProject")
    settings.setValue("planted", 1)
    settings.sync()
    assert not Path(settings.fileName()).is_file()
    dialog = choose_folder(at_home.main, "Choose", lambda _folder: None)
    assert dialog.isVisible()
    assert QApplication.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    dialog.reject()
    at_home.until_idle()
    assert not Path(settings.fileName()).is_file()


def test_locking_asks_for_a_fresh_process_and_ends_the_session(
    at_home: Driver, echo: Entrance
) -> None:
    at_home.press("Lock")
    assert at_home.afresh == 1
    session = echo.unlock(echo.find("Ada"), PASSPHRASE)  # nobody holds the space any more
    session.close()


def test_a_bug_of_ours_is_said_calmly(at_home: Driver, capsys: pytest.CaptureFixture[str]) -> None:
    at_home.meet_bug(LookupError("the person's words"))
    said = at_home.main.messages.text
    assert "LookupError" in said
    assert "the person's words" not in said
    assert capsys.readouterr().err == ""


def test_what_ends_in_the_exception_hook_leaves_the_window_open(
    come_in: Callable[[Entrance], Driver], echo: Entrance
) -> None:
    ada = come_in(echo)
    ada.meet_bug(LookupError("words"))
    assert "LookupError" in ada.entrance.page.messages.text
    assert ada.entrance.isVisible()


def test_closing_the_window_ends_the_program_quietly(home: Path) -> None:
    close_soon = (
        "import sys; from PySide6.QtCore import QTimer; "
        "from PySide6.QtWidgets import QApplication; from safespace.ui import app; "
        "show = app.Windows.show_entrance; "
        "app.Windows.show_entrance = lambda windows, curtain: ("
        "    show(windows, curtain), QTimer.singleShot(200, QApplication.closeAllWindows)); "
        "sys.exit(app.run(['safespace']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", close_soon],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (done.returncode, said) == (0, [])


def test_what_another_program_did_in_the_space_is_seen_in_the_window(
    at_home: Driver, echo: Entrance
) -> None:
    info = echo.find("Ada")
    replies: list[object] = []

    def outside() -> None:
        asked = echo.through(info, PASSPHRASE, "ask", text="from outside")
        replies.extend(asked)
        replies.extend(echo.knock(info, "level", to=0))

    thread = Thread(target=outside)
    thread.start()
    at_home.until(lambda: at_home.main.level is Level.NO_AI)
    thread.join()
    at_home.until(lambda: at_home.main.side.list.count() == 1)
    assert replies[-1] == {"done": True}
