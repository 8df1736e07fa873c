# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application: one QApplication, first the entrance, then one open space until it locks.

What belongs to an open space is imported only after unlock, so that the entrance is there at
once. Qt keeps nothing on disk for us: no settings, no session, no list of recent places.
"""

import os
import sys
from collections.abc import Callable, Sequence
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QByteArray,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QObject,
    QSettings,
    Qt,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from safespace.session.entrance import Entrance
from safespace.ui.afresh import Curtain, draw_curtain, start_afresh
from safespace.ui.entrance.window import EntranceWindow
from safespace.ui.kit import clipboard, unlearned
from safespace.ui.kit.icons import tint_all
from safespace.ui.kit.theme import Theme

if TYPE_CHECKING:
    from safespace.domain import Level
    from safespace.session.session import Session
    from safespace.store.backups.erasing import Erased
    from safespace.ui.kit.ops import Ops
    from safespace.ui.window.main_window import MainWindow

CLOSED_WITHIN_S: Final = 1.5
"""How long a lock waits for a space to close in good order. What was acknowledged is on the disk
already, so ending the process earlier loses no more than a crash would: nothing."""


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed. Returns the exit code."""
    entrance = Entrance.here()
    settings = entrance.computer.settings
    language = str(settings.get("appearance.language"))
    app = make_application(argv, language)
    dress(
        app, str(settings.get("appearance.theme")), int(str(settings.get("appearance.text_size")))
    )
    qInstallMessageHandler(_unless_fatal)
    windows = Windows(entrance, start_afresh)
    sys.excepthook = windows.bug
    windows.show_entrance(Curtain())
    code = app.exec()
    windows.shut()
    return code


def make_application(argv: Sequence[str], language: str = "system") -> QApplication:
    """The QApplication, which leaves nothing on disk."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, os.devnull)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, on=False)
    # The system's own dialogs note recent files and folders where other programs read them.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    QGuiApplication.setDesktopFileName("safespace")
    app = QApplication(list(argv))
    clipboard.watch()
    unlearned.watch(app)
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


def _unless_fatal(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    """Qt's own warnings can quote what it was to show, and standard error may be a journal."""
    if kind is QtMsgType.QtFatalMsg:
        os.write(2, f"{text}\n".encode())


class Windows:
    """Which window is up: the entrance, or that of an open space.

    A lock ends in `afresh`, with the place of the window that was, and the id of a space that is
    to get a new key first.
    """

    def __init__(self, entrance: Entrance, afresh: Callable[[QByteArray, str], object]) -> None:
        self._entrance = entrance
        self._afresh = afresh
        self._locking = False
        self._watches: tuple[QObject, ...] = ()
        self.entrance: EntranceWindow | None = None
        self.main: MainWindow | None = None

    def show_entrance(self, curtain: Curtain | None = None) -> None:
        """Who is there? `curtain`: what a lock left on the screen."""
        self.entrance = EntranceWindow(self._entrance)
        self.entrance.opened.connect(self._open)
        self.entrance.made.connect(self._made)
        self.entrance.locked.connect(self._lock, Qt.ConnectionType.QueuedConnection)
        if curtain:
            curtain.over(self.entrance)
        self.entrance.show()
        if curtain and curtain.renewal:
            self.entrance.renew_by_id(curtain.renewal)
        self.entrance.ops.run(self.entrance, _import_main_window, aside=True)

    def shut(self) -> None:
        """End what the windows run in the background. Blocks until it has."""
        clipboard.clear()
        for window in (self.main, self.entrance):
            if window:
                window.hide()
        self._close()

    def bug(
        self, _kind: type[BaseException], value: BaseException, trace: TracebackType | None
    ) -> None:
        """The exception hook: a bug is kept by type and line, and said calmly."""
        from safespace.session.checks import bugs

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
        from safespace.ui.window.main_window import MainWindow

        assert self.entrance
        self.main = MainWindow(session, self._entrance.computer, level)
        self.main.locked.connect(self._lock)
        self.main.erased.connect(lambda erased: self._erased(session.name, erased))
        self.main.renewal_wanted.connect(lambda: self._lock(session.keys.info.id))
        self.main.setGeometry(self.entrance.geometry())
        self.main.show()
        for watch in self._watches:
            watch.deleteLater()
        watching = self._watch(session, self.main, self.main.ops, self.main.lock)
        self.main.settings.left.connect(watching)
        self.entrance.hand_over()
        self.entrance.hide()

    def _made(self, session: "Session") -> None:
        """A space is being made, and open: it locks as any other, by its own key too."""
        from safespace.session.knocks import handlers

        entrance = self.entrance
        assert entrance
        self._watch(session, entrance, entrance.ops, entrance.lock)
        knocks = handlers(
            session, come_up=lambda: None, lock=entrance.locked.emit, changed=lambda: None
        )
        entrance.ops.run(entrance, lambda: session.listen(knocks), aside=True)

    def _watch(
        self, session: "Session", window: QWidget, ops: "Ops", lock: Callable[[], None]
    ) -> Callable[[], None]:
        """Lock when nobody is there any more: nothing is typed, or the system says so.

        Returns what reads again how long that is.
        """
        from safespace.session import locking
        from safespace.ui.idle import Idle
        from safespace.ui.system_locks import SystemLocks

        idle, system = Idle(window), SystemLocks(window, ops)
        idle.expired.connect(lock)
        system.locked.connect(lock)
        self._watches = (idle, system)

        def read() -> None:
            ops.run(idle, lambda: locking.minutes_for(session, self._entrance), idle.wait)

        read()
        return read

    def _erased(self, name: str, erased: "Erased") -> None:
        """The space is no more: say what was destroyed, then ask who is there."""
        from safespace.ui.leave_screen import ErasedSheet

        assert self.main
        draw_curtain(self.main)
        sheet = ErasedSheet(self.main, name, erased)
        sheet.finished.connect(lambda: self._lock())
        sheet.open()

    def _lock(self, renewal: str = "") -> None:
        window = self.main or self.entrance
        if self._locking or not window:  # the key, the screen and the lid may say so at once
            return
        self._locking = True
        place = window.saveGeometry()
        clipboard.clear()
        draw_curtain(window)
        closing = Thread(target=self._close, name="closing", daemon=True)
        closing.start()
        closing.join(CLOSED_WITHIN_S)
        self._afresh(place, renewal)

    def _close(self) -> None:
        if self.main:
            self.main.shut()
        if self.entrance:
            self.entrance.shut()


def _import_main_window() -> None:
    """While the passphrase is typed: what comes after it."""
    import safespace.ui.window.main_window  # noqa: F401
