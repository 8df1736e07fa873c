# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make shots`: every screen of the real window into docs/screenshots/, light and dark.

Runs under Xvfb where there is one, offscreen otherwise. The space is made for it and thrown
away; the answers are the starter model's own.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from installers import starter
from safespace.domain import Level, Limits, TaskKind

if TYPE_CHECKING:  # Qt chooses its platform when it is first imported
    from PySide6.QtWidgets import QApplication, QWidget

    from safespace.session.entrance import Entrance
    from safespace.ui.kit.theme import Theme
    from tests.ui.driver import Driver

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "screenshots"
FONTS: Final = ("Inter", "Noto Sans", "DejaVu Sans")
"""The first that is installed is used; the application itself takes the system's font."""
SETTLE_MS: Final = 200
PASSPHRASE: Final = "calm harbour violin meadow seven"  # noqa: S105 - of a space that is thrown away


def main() -> int:
    """Draw everything anew."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ |= {"SAFESPACE_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        if shutil.which("Xvfb"):
            os.environ |= {"DISPLAY": _screen(stack), "QT_QPA_PLATFORM": "xcb"}
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)
        _walk(_entrance(home))
    print(f"{len(list(PICTURES.glob('*.png')))} pictures in {PICTURES.relative_to(ROOT)}")
    return 0


def _screen(stack: ExitStack) -> str:
    """The name of a screen in memory, which is there as long as `stack` is."""
    reads, writes = os.pipe()
    size = ["-screen", "0", "1400x1000x24"]
    command = ["Xvfb", "-displayfd", str(writes), *size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    with os.fdopen(reads) as number:
        return f":{number.readline().strip()}"


def _entrance(home: Path) -> "Entrance":
    from safespace.session.computer import Computer
    from safespace.session.entrance import Entrance
    from safespace.store.spaces import Spaces

    (home / "models").mkdir()
    shutil.copyfile(starter.FILE, home / "models" / starter.NAME)  # the worker follows no link
    return Entrance(
        replace(Computer.here(), country="DE"), Spaces(home / "spaces", state=home / "state")
    )


def _application() -> "tuple[QApplication, Theme]":
    from PySide6.QtGui import QFont, QFontDatabase

    from safespace.ui.app import dress, make_application

    app = make_application(["safespace"])
    installed = set(QFontDatabase.families())
    if family := next((name for name in FONTS if name in installed), None):
        app.setFont(QFont(family, 10))
    return app, dress(app, "light", 100)


def _walk(entrance: "Entrance") -> None:
    """From the first run to No AI, and to the entrance again."""
    from PySide6.QtTest import QTest

    from tests.ui.driver import Driver

    app, theme = _application()

    def take(name: str, widget: "QWidget | None" = None) -> None:
        for choice in ("dark", "light"):
            theme.choose(choice)
            QTest.qWait(SETTLE_MS)
            (widget or ada.window).grab().save(str(PICTURES / f"{name}-{choice}.png"))

    ada = Driver(entrance)
    ada.type("Your name", "Ada")
    take("first-run-1-name")
    ada.press("Go on")
    ada.type("Passphrase", PASSPHRASE)
    ada.press("Show “Passphrase”")
    ada.until(lambda: "Strong" in ada.texts)
    take("first-run-2-passphrase")
    ada.type("The same once more", PASSPHRASE)
    ada.press("Make my space")
    ada.until(lambda: "Print" in ada.buttons())
    take("first-run-3-recovery-code")
    ada.press("I have these words on paper, away from this computer")
    ada.press("Go on")
    take("first-run-4-ai-or-not")
    ada.press("Choose “When I ask”")
    ada.until(lambda: "makes things up" in ada.texts and "of memory" in ada.texts)
    take("first-run-5-model")
    ada.press("Begin")
    ada.until(lambda: ada.is_in)
    take("new-conversation")

    ada.ask("What is a haiku? Explain it in two sentences.")
    take("conversation")
    pins = ada.main.heading.pin
    pins.menu().popup(pins.mapToGlobal(pins.rect().bottomLeft()))
    take("pin-menu", pins.menu())
    pins.menu().close()
    _walk_through_own_words(ada, take)
    ada.press("Here: why?")
    ada.until(lambda: "Because" in ada.texts)
    take("why-here")
    ada.press("Close")
    ada.ask("How many paracetamol may I take a day?")
    take("handed-back")
    ada.press("No AI: why?")
    ada.until(lambda: "What would change it" in ada.texts)
    take("why-no-ai")
    ada.press("Close")
    ada.ask("Who can read what I write here?")
    take("about-safe-space")
    ada.press("New conversation")
    ada.until_idle()
    ada.ask("My friend wants to end her life.")
    take("help-lines")

    menu = ada.main.level_button.menu()
    menu.popup(ada.main.level_button.mapToGlobal(ada.main.level_button.rect().bottomLeft()))
    take("level-menu", menu)
    menu.close()
    ada.main.go_to_level(Level.ASK_EACH_TIME)
    take("level-up")
    ada.press("Stay where I am")
    ada.press("Activity")
    ada.type("Passphrase or recovery code", PASSPHRASE)
    ada.press("Show it")
    ada.until(ada.main.activity.isVisible)
    ada.main.activity.list.setCurrentIndex(ada.main.activity.list.model().index(0, 0))
    take("activity")
    ada.press("Back", ada.main.activity)
    ada.press("Settings")
    ada.until(ada.main.settings.isVisible)
    take("settings")
    ada.press("Models…")
    ada.until(ada.main.models.isVisible)
    take("models")
    ada.press("Back", ada.main.models)
    ada.until(ada.main.settings.isVisible)
    ada.press("How far AI goes…")
    ada.until(ada.main.engagement.isVisible)
    take("engagement")
    ada.press("Settings")
    ada.until(ada.main.settings.isVisible)
    _walk_through_limits(ada, entrance, take)
    ada.press("Take everything along, or erase this space…")
    ada.until(ada.main.leaving.isVisible)
    take("leave")
    ada.press("Erase this space…")
    take("erase")
    ada.press("Leave it as it is")
    ada.press("Back", ada.main.leaving)
    ada.until(ada.main.settings.isVisible)
    ada.press("What is checked, and when…")
    ada.until(ada.main.checks.isVisible)
    take("checks")
    ada.press("Back", ada.main.checks)
    ada.until(ada.main.settings.isVisible)
    ada.press("Keys and recovery…")
    ada.until(lambda: "Made on" in ada.main.keys.recovery.state)
    take("keys")
    ada.press("Choose a new passphrase…")
    ada.until(lambda: "Use these words" in ada.buttons())
    take("new-passphrase")
    ada.press("Leave it as it is")
    ada.press("Make a new key…")
    take("new-key")
    ada.press("Leave it as it is")
    ada.main.keys.recovery.ask()
    take("recovery-drill")
    ada.press("Not now")
    ada.press("Help")
    take("help")
    ada.press("Back", ada.main.help)
    ada.main.go_to_level(Level.NO_AI)
    ada.press("New conversation")
    ada.until_idle()
    take("no-ai-empty")
    ada.type("Your note", "Grandmother's plum cake: 500 g plums, 200 g flour, 2 eggs.")
    ada.press("Keep")
    ada.until(lambda: len(ada.messages) == 2 and not ada.busy)
    take("no-ai-note")
    ada.until_idle()
    ada.press("Delete conversation…")
    take("delete")
    ada.press("Delete conversation")
    ada.until_idle()
    ada.press("Bin")
    ada.until(ada.main.bin.isVisible)
    take("bin")
    ada.press("Delete “Grandmother's plum cake: 500 g plums, 200 g…” for ever…")
    take("delete-for-ever")
    ada.press("Keep it")
    ada.press("Restore “Grandmother's plum cake: 500 g plums, 200 g…”")
    ada.until(lambda: "The bin is empty." in ada.texts)
    take("bin-empty")
    ada.press("Back", ada.main.bin)
    _walk_through_holdings(ada, take)
    ada.type("Search everything you keep", "haik")
    ada.until(lambda: "found" in ada.texts)
    results = ada.main.side.found.results
    results.setCurrentRow(1)
    results.itemActivated.emit(results.item(1))
    ada.until_idle()
    take("search")
    ada.type("Search everything you keep", "quokka")
    ada.until(lambda: "Nothing found" in ada.texts)
    take("search-nothing")
    ada.leave()

    for name in ("Grace", "Linus"):
        session, _code = entrance.create(name, PASSPHRASE)
        if name == "Grace":
            session.household.set(Limits(Level.WHEN_I_ASK, minutes=60, cooperative=False))
        session.close()
    ada = Driver(entrance)
    take("entrance")
    ada.press("A space that is not shown")
    take("entrance-hidden")
    ada.press("Back")
    ada.press("Bring a space back")
    take("entrance-restore")
    ada.press("Back")
    ada.press("Make a new space")
    ada.type("Your name", "Noor")
    ada.press("Go on")
    ada.type("Passphrase", PASSPHRASE)
    ada.type("The same once more", PASSPHRASE)
    ada.press("Make my space")
    ada.until(lambda: "Begin under these limits" in ada.buttons())
    take("entrance-guardian")
    ada.leave()
    ada = Driver(entrance)
    ada.press("Ada")
    ada.type("Passphrase", "wrong")
    ada.press("Open")
    ada.until(ada.entrance.page.messages.isVisible)
    take("entrance-wrong")
    ada.leave()
    app.quit()


def _walk_through_own_words(ada: "Driver", take: Callable[[str], None]) -> None:
    """A task, what one conversation is told, and the saved prompts."""
    tasks = ada.main.chat.composer.tasks
    tasks.choose(TaskKind.TRANSLATION)
    take("task")
    tasks.choose(None)
    ada.press("How I want to be answered here…")
    ada.until(lambda: "Keep" in ada.buttons())
    take("instructions")
    ada.press("Leave it as it is")
    ada.main.chat.show_prompts()
    take("prompts")
    ada.press("Close")


def _walk_through_limits(ada: "Driver", entrance: "Entrance", take: Callable[[str], None]) -> None:
    """From the settings: limits for Kim, and back."""
    kim, _code = entrance.create("Kim", PASSPHRASE)
    kim.close()
    ada.press("Limits…")
    ada.until(ada.main.limits.isVisible)
    ada.press("Sign limits for another space…")
    ada.type("They end on", "2035-01-01")
    ada.press("Add hours")
    take("limits-sign")
    ada.press("Sign this sheet")
    ada.until(lambda: "has not accepted any yet" in ada.texts)
    take("limits")
    ada.press("Back", ada.main.limits)
    ada.until(ada.main.settings.isVisible)


def _walk_through_holdings(ada: "Driver", take: Callable[[str], None]) -> None:
    """Notes, documents and memory."""
    from PySide6.QtWidgets import QPlainTextEdit

    from safespace.ui.holdings.picture_strip import PictureStrip

    ada.press("Notes")
    ada.until(ada.main.notes.isVisible)
    for title, text in (
        ("Balcony", "Water the tomatoes every evening."),
        ("Plum cake", "## For 12 pieces\n\n* 500 g **plums**\n* 200 g flour\n* 2 eggs"),
    ):
        ada.press("New note")
        ada.type("Title of the note", title)
        ada.main.notes.text.setPlainText(text)
        ada.until(partial(_is_first, ada, title))
    take("notes")
    ada.press("Read")
    take("note-read")
    ada.press("Documents")
    ada.until(ada.main.documents.isVisible)
    take("documents-empty")
    for count, name in enumerate(("README.md", "LICENSE"), 1):
        ada.main.documents.add(ROOT / name)
        ada.until(partial(_has_documents, ada, count))
    take("documents")
    ada.press("Read")
    ada.until(lambda: any(one.toPlainText() for one in ada.window.findChildren(QPlainTextEdit)))
    take("document-read")
    ada.press("Close")
    ada.main.documents.add(PICTURES / "first-run-1-name-light.png")
    ada.until(partial(_has_documents, ada, 3))
    ada.press("Read")
    ada.until(lambda: any(one.isVisible() for one in ada.window.findChildren(PictureStrip)))
    ada.until_idle()
    take("document-picture")
    ada.press("Close")
    ada.press("Take a copy out…")
    take("document-out")
    ada.press("Leave it in")
    ada.press("Memory")
    ada.until(ada.main.memory.isVisible)
    for line in ("I am allergic to walnuts.", "My sister's name is Ines."):
        ada.type("The line", line)
        ada.press("Remember it")
        ada.until_idle()
    take("memory")
    ada.press("Folders")
    ada.until(ada.main.folders.isVisible)
    ada.press("New folder")
    ada.until(lambda: len(ada.main.folders.list.lines) == 1)
    take("folders")
    ada.press("Back", ada.main.folders)


def _is_first(ada: "Driver", title: str) -> bool:
    lines = ada.main.notes.list.lines
    return bool(lines) and lines[0].text == title


def _has_documents(ada: "Driver", count: int) -> bool:
    return len(ada.main.documents.list.lines) == count


if __name__ == "__main__":
    sys.exit(main())
