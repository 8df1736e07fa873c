# SPDX-License-Identifier: AGPL-3.0-or-later
"""A window into which sentences are planted on every way that a member has.

`python -m tests.e2e.planting PASSPHRASE MARK FIRST PAST FOLDER`: opens the only space and plants
the sentences from FIRST to before PAST: said, written as a note and as a line to be remembered,
in a document with its name (made in FOLDER, and removed again), searched for, typed as a draft,
copied, in the name of a folder that is chosen in a dialog, in a bug of ours and in a warning of
Qt's. Then it says "ready", and ends in good order when its standard input does.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler, qWarning

from safespace import isolation
from safespace.session.checks import bugs
from safespace.session.entrance import Entrance
from safespace.ui import app as application
from safespace.ui.kit import clipboard
from safespace.ui.kit.choose_file import choose_folder
from tests.e2e.planted import sentence
from tests.ui.driver import Driver


class Planting:
    """The ways, one after the other."""

    def __init__(self, member: Driver, folder: Path) -> None:
        self.member = member
        self.folder = folder
        self.ways: tuple[Callable[[str], object], ...] = (
            self.keep,
            self.write,
            self.take_in,
            self.remember,
            self.search,
            self.draft,
            clipboard.copy,
            self.choose,
            self.fail,
            self.fail_behind,
            qWarning,
        )

    def keep(self, words: str) -> None:
        self.member.main.chat.composer.show_text(words)
        before = len(self.member.messages)
        self.member.enter()
        self.member.until(lambda: len(self.member.messages) >= before + 2 and not self.member.busy)

    def write(self, words: str) -> None:
        notes = self.member.main.notes
        notes.new()
        notes.title.setText(words)
        notes.text.setPlainText(words)
        notes.flush()
        self.member.until_idle()

    def take_in(self, words: str) -> None:
        file = self.folder / f"{words}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words)
        documents = self.member.main.documents
        before = len(documents.list.lines)
        documents.add(file)
        self.member.until(lambda: len(documents.list.lines) > before)
        file.unlink()

    def remember(self, words: str) -> None:
        memory = self.member.main.memory
        memory.field.setText(words)
        memory._keep_new()
        self.member.until(lambda: words in {line.text for line in memory.list.lines})

    def search(self, words: str) -> None:
        self.member.main.side.search.setText(words)
        self.member.main.side.search.wanted.emit(words)
        self.member.until_idle()

    def draft(self, words: str) -> None:
        self.member.type("Your note", words)
        self.member.main.chat.composer.flush_draft()
        self.member.until_idle()

    def choose(self, words: str) -> None:
        chosen: list[Path] = []
        named = self.folder / words
        named.mkdir(parents=True)
        dialog = choose_folder(self.member.main, "Choose", chosen.append)
        dialog.setDirectory(str(named))
        dialog.selectFile(str(named))
        dialog.accept()
        self.member.until(lambda: bool(chosen))

    def fail(self, words: str) -> None:
        try:
            dict[str, str]()[words]
        except LookupError as defect:
            self.member.meet_bug(defect)

    def fail_behind(self, words: str) -> None:
        def fail() -> None:
            raise ValueError(words)

        self.member.main.ops.run(self.member.main, fail)
        self.member.until_idle()


def main(passphrase: str, mark: str, first: int, past: int, folder: Path) -> int:
    """See above."""
    isolation.close_to_others()
    bugs.keep_all()
    app = application.make_application(["safespace"])
    theme = application.dress(app, "light", 100)
    qInstallMessageHandler(application._unless_fatal)
    member = Driver(Entrance.here())
    member.unlock(passphrase)
    member.until_idle()
    planting = Planting(member, folder)
    for number in range(first, past):
        planting.ways[number % len(planting.ways)](sentence(mark, number))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    member.leave()
    del theme
    return 0


if __name__ == "__main__":
    words, mark, first, past, folder = sys.argv[1:]
    sys.exit(main(words, mark, int(first), int(past), Path(folder)))
