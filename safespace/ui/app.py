# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application: one QApplication, first the entrance, then one open space until it locks.

What belongs to an open space is imported only after unlock, so that the entrance is there at
once. Qt keeps nothing on disk for us: no settings, no session, no list of recent places.
"""

import os
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from safespace.session.entrance import Entrance
from safespace.ui.entrance.window import EntranceWindow
from safespace.ui.icons import tint_all
from safespace.ui.theme import Theme

if TYPE_CHECKING:
    from safespace.domain import Level
    from safespace.session.session import Session
    from safespace.ui.main_window import MainWindow


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed. Returns the exit code."""
    entrance = Entrance.here()
    settings = entrance.computer.settings
    language = str(settings.get("appearance.language"))
    app = make_application(argv, language)
    dress(
        app, str(settings.get("appearance.theme")), int(str(settings.get("appearance.text_size")))
    )
    windows = Windows(entrance, start_afresh)
    sys.excepthook = windows.bug
    windows.show_entrance()
    code = app.exec()
    windows.shut()
    return code


def make_application(argv: Sequence[str], language: str = "system") -> QApplication:
    """The QApplication, which leaves nothing on disk."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, os.devnull)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, on=False)
    QGuiApplication.setDesktopFileName("safespace")
    app = QApplication(list(argv))
    app.setApplicationName("safespace")
    app.setApplicationDisplayName("Safe Space")
    stock = QTranslator(app)  # the words of Qt's own dialogs
    locale = QLocale() if language == "system" else QLocale(language)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if stock.load(locale, "qtbase", "_", folder):
        app.installTranslator(stock)
    return app


def dress(app: QApplication, choice: str, text_size: int) -> Theme:
    """Give the application its theme; icons follow it."""
    theme = Theme(app, choice, text_size)
    theme.changed.connect(tint_all)
    return theme


def start_afresh() -> None:
    """Replace this process, with every key and word in its memory, by a new one."""
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, *sys.argv[1:]] if frozen else [sys.executable, *sys.orig_argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606 - the very program that runs, as it was started


class Windows:
    """Which window is up: the entrance, or that of an open space. `lock` calls `afresh`."""

    def __init__(self, entrance: Entrance, afresh: Callable[[], object]) -> None:
        self._entrance = entrance
        self._afresh = afresh
        self.entrance: EntranceWindow | None = None
        self.main: MainWindow | None = None

    def show_entrance(self) -> None:
        """Who is there?"""
        self.entrance = EntranceWindow(self._entrance)
        self.entrance.opened.connect(self._open)
        self.entrance.show()
        self.entrance.ops.run(self.entrance, _import_main_window, aside=True)

    def shut(self) -> None:
        """End what the windows run in the background. Blocks until it has."""
        for window in (self.main, self.entrance):
            if window:
                window.hide()
        if self.main:
            self.main.shut()
        if self.entrance:
            self.entrance.shut()

    def bug(
        self, _kind: type[BaseException], value: BaseException, trace: TracebackType | None
    ) -> None:
        """The exception hook: a bug is kept by type and line, and said calmly."""
        from safespace.session import bugs

        defect = bugs.keep(value.with_traceback(trace))
        if self.main:
            self.main.messages.say(defect)
        elif self.entrance:
            self.entrance.say(defect)
        else:
            sys.stderr.write(f"{defect}\n")

    def _open(self, session: "Session") -> None:
        assert self.entrance
        self.entrance.ops.run(
            self.entrance, session.level, lambda level: self._show(session, level)
        )

    def _show(self, session: "Session", level: "Level") -> None:
        from safespace.ui.main_window import MainWindow

        assert self.entrance
        self.main = MainWindow(session, self._entrance.computer, level)
        self.main.locked.connect(self._lock)
        self.main.setGeometry(self.entrance.geometry())
        self.main.show()
        self.entrance.hand_over()
        self.entrance.hide()

    def _lock(self) -> None:
        self.shut()
        self._afresh()


def _import_main_window() -> None:
    """While the passphrase is typed: what comes after it."""
    import safespace.ui.main_window  # noqa: F401
