# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window in a process of its own, used as its member uses it; then it does what lines say.

`python -m tests.e2e.unlocked PASSPHRASE WORDS`: opens the only space, shows every conversation,
searches and copies the words, asks a question with them and types a draft with them. Then it
says "ready", and evaluates what it is told.
"""

import sys

from PySide6.QtCore import QByteArray, QSocketNotifier
from PySide6.QtTest import QTest

from safespace import isolation
from safespace.session.entrance import Entrance
from safespace.ui.afresh import start_afresh
from safespace.ui.app import dress, make_application
from safespace.ui.kit import clipboard
from tests.ui.driver import Driver


class Member(Driver):
    """A driver whose lock really replaces the process."""

    def _start_afresh(self, place: QByteArray, renewal: str) -> None:
        start_afresh(place, renewal)


def main(passphrase: str, words: str) -> int:
    """See above."""
    isolation.close_to_others()
    app = make_application(["safespace"])
    theme = dress(app, "light", 100)
    member = Member(Entrance.here())
    member.unlock(passphrase)
    shown = member.main.side.list
    member.until(lambda: shown.count() > 0)
    for row in range(shown.count()):
        shown.setCurrentRow(row)
        member.until_idle()
    member.main.side.search.setText(words)
    member.until_idle()
    clipboard.copy(words)
    member.main.new_conversation()
    member.type("Your question", f"Tell me a long story about the sea, with {words} in it.")
    member.enter()
    member.until(lambda: member.busy)
    member.type("Your question", f"a draft with {words}")
    QTest.qWait(500)

    def obey() -> None:
        say(eval(sys.stdin.readline(), {"member": member}))  # noqa: S307 - our own tests' lines

    ears = QSocketNotifier(0, QSocketNotifier.Type.Read)
    ears.activated.connect(obey)
    say("ready")
    del theme
    return app.exec()


def say(what: object) -> None:
    """A line for who reads."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
