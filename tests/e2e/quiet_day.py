# SPDX-License-Identifier: AGPL-3.0-or-later
"""A day with Safe Space at levels 0 to 2: its commands and its window, as a member uses them.

`python -m tests.e2e.quiet_day PASSPHRASE FOLDER`: the part in the window.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QStackedWidget

from safespace import isolation
from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.ui.app import dress, make_application
from tests.e2e.conftest import PASSPHRASE, Home
from tests.ui.driver import Driver

WORDS: Final = (
    "Tell me about the sea.",
    "Write to ada.lovelace@example.org, +44 20 7946 0958, about https://site.example/a?b=c.",
    "My card is 4111 1111 1111 1111. What does my doctor mean by hypertension?",
)
_BEGIN: Final = ("space", "create", "Ada", "--json")
_TALK: Final = (
    (("doctor",), ""),
    (("models", "list"), ""),
    (("config",), ""),
    (("level",), ""),
    (("notes", "add", "-"), WORDS[1]),
    (("memory", "add", "-"), WORDS[0]),
    (("search", "-"), "sea"),
    (("guard", "check", "--level", "4", "--jsonl"), json.dumps({"id": 1, "text": WORDS[1]})),
    (("space", "backup"), ""),
    (("space", "verify"), ""),
    (("space", "limits", "show"), ""),
    (("space", "list"), ""),
)


def day(home: Home, *, first: bool) -> int:
    """All of it once; how many acts it was. `first`: there is no space yet."""
    acts = 0
    if first:
        _do(home, *_BEGIN)
        _do(home, "config", "assistant.answer_tokens", "24")
        acts += 2
    for command, text in _TALK:
        _do(home, *command, text=text)
        acts += 1
    for level in (2, 1, 0):
        _do(home, "level", str(level), "--confirm")
        for words in WORDS:
            _do(home, "ask", "-", text=words)
        acts += 1 + len(WORDS)
    _do(home, "chat", text=f"{WORDS[0]}\n/level 1\n/quit\n")
    _do(home, "level", "1", "--confirm")
    window = [
        *home.before,
        sys.executable,
        "-m",
        "tests.e2e.quiet_day",
        PASSPHRASE,
        str(home.around),
    ]
    environment = {**home.environment, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        window, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr
    return acts + 2 + int(done.stdout)


def _do(home: Home, *command: str, text: str = "") -> None:
    done = home.run(*command, text=text)
    assert done.code in (0, 1, 10), (command, done.err)


def in_the_window(member: Driver, folder: Path) -> int:
    """Every screen at every level from 0 to 2, and at each a question; how many acts it was."""
    acts = 0
    (screens,) = [
        found
        for found in member.main.findChildren(QStackedWidget)
        if member.main.settings in (found.widget(place) for place in range(found.count()))
    ]
    for level in (Level.NO_AI, Level.WHEN_I_ASK, Level.AT_MY_SIDE):
        member.main._session.set_level(level, confirmed=True)
        member.main.gate.turn(level)
        for place in range(screens.count()):
            screens.setCurrentIndex(place)
            member.until_idle()
            acts += 1
        member.main.new_conversation()
        member.until_idle()
        member.main.chat.composer.show_text(WORDS[1] if level else WORDS[0])
        before = len(member.messages)
        member.enter()
        member.until(lambda before=before: len(member.messages) > before and not member.busy)  # type: ignore[misc]
        acts += 1
    file = folder / "a file.txt"
    file.write_text("https://site.example/, and the sea")
    member.main.documents.add(file)
    member.main.side.search.setText("sea")
    member.main.side.search.wanted.emit("sea")
    member.until_idle()
    return acts + 2


def main(passphrase: str, folder: Path) -> int:
    """See above."""
    isolation.close_to_others()
    app = make_application(["safespace"])
    theme = dress(app, "light", 100)
    member = Driver(Entrance.here())
    member.unlock(passphrase)
    member.until_idle()
    acts = in_the_window(member, folder)
    member.main.lock()
    member.until(lambda: member.afresh > 0)
    member.leave()
    sys.stdout.write(str(acts))
    del theme, app
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
