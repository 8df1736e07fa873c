# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace`: the window where there is a screen, the terminal otherwise or when asked for."""

import os
import sys

from safespace import isolation


def main() -> int:
    """Begin isolated, choose the face and return its exit code."""
    isolation.begin(sys.argv[1:])
    match sys.argv[1:]:
        case ["steward", folder]:  # ours alone: it fetches what an open space had cleared
            return _steward(folder)
    return face(sys.argv[1:])


def _steward(folder: str) -> int:
    from pathlib import Path

    from safespace.session.fetching import steward  # what can open a connection

    return steward.main(Path(folder), sys.stdin)


def face(arguments: list[str]) -> int:
    """The window or the terminal, in the language that was chosen; returns the exit code."""
    from safespace import i18n, paths  # isolated first
    from safespace.session.checks import bugs
    from safespace.settings import ComputerSettings

    bugs.keep_all()
    catalogues = paths.assets() / "locale"
    language = str(ComputerSettings(paths.settings_file()).get("appearance.language"))
    i18n.use(catalogues, language)
    if arguments in ([], ["window"]) and _has_screen():
        from safespace.ui import app

        return app.run(sys.argv[:1])
    i18n.lend(catalogues, language)
    from safespace.cli import main as terminal

    if arguments in ([], ["window"]):
        terminal.say_no_screen()
        arguments = ["chat"]
    return terminal.run(arguments)


def _has_screen() -> bool:
    """Whether a window can open: there is a screen, and the window was installed."""
    from importlib.util import find_spec

    if find_spec("PySide6") is None:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    sys.exit(main())
