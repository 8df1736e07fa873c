# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files made from the sources: `python -m tools.generate` writes them, `--check` compares."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from safespace.door.purposes import PURPOSES, Row
from safespace.settings import TABLE, Scope, Setting, find
from tools import catalogue

ROOT: Final = Path(__file__).resolve().parent.parent

_SETTINGS_HEAD: Final = """\
<!-- Made by `python -m tools.generate` from safespace/settings/table.py. Do not edit. -->
# Settings

The settings page of the window, `safespace config` and this page come from one table.
`safespace config KEY` shows a value, `safespace config KEY VALUE` changes it.
"""

_SCOPES: Final = {
    Scope.COMPUTER: "Of this computer: in `settings.toml`, readable while every space is locked",
    Scope.SPACE: "Of one space: kept inside it, encrypted",
}


def settings_page() -> str:
    """docs/settings.md."""
    sections = [_SETTINGS_HEAD]
    for scope, title in _SCOPES.items():
        rows = [_row(setting) for setting in TABLE if setting.scope is scope]
        head = f"## {title}\n\n| key | what | takes | at first |\n|---|---|---|---|\n"
        sections.append(head + "".join(rows))
    return "\n".join(sections)


def _row(setting: Setting) -> str:
    first = setting.show(setting.default) or "(empty)"
    what = f"{setting.label}. {setting.doc}"
    return f"| `{setting.key}` | {what} | {setting.allowed()} | {first} |\n"


_PRIVACY_HEAD: Final = """\
<!-- Made by `python -m tools.generate` from safespace/door/purposes.py. Do not edit. -->
# What leaves this computer

One module opens connections (`safespace/door/transport.py`), and an import contract keeps it the
only one. What leaves is permitted by the guard for exactly these bytes to exactly one place, once,
within 30 seconds; it is written into the activity record of the open space before the first
name is looked up. While every space is locked, nothing leaves, but for one thing: the file of a
model that you asked for goes on being fetched. One permission covers one file, from the address on
the model's card and the hosts that the card names, as often as it breaks off.

**Tasks.** A question goes to your cooperative's computers at level 3 or 4 only, and only if you
have joined one. This version cannot join one yet: at every level, every task stays here.

**Everything else** is on this list, each with a switch of its own that is off at first.

| what for | switch | to whom | what is sent | in this version |
|---|---|---|---|---|
"""

_PRIVACY_TAIL: Final = """
Whoever is called sees the address of your internet connection, as with every connection.

What you do yourself is yours: saving or exporting to a folder that others see or that a service
copies, opening a link in your browser, copying words into another program.
"""


def privacy_page() -> str:
    """docs/privacy.md."""
    return _PRIVACY_HEAD + "".join(map(_purpose, PURPOSES)) + _PRIVACY_TAIL


def _purpose(row: Row) -> str:
    first = find(row.switch).default
    asks = "used" if row.built else "nothing asks for it yet"
    return f"| {row.why} | `{row.switch}`: {first} at first | {row.to} | {row.sent} | {asks} |\n"


def generated() -> dict[str, Callable[[], bytes]]:
    """Every generated file, and what makes it."""
    files: dict[str, Callable[[], bytes]] = {
        "docs/settings.md": lambda: settings_page().encode(),
        "docs/privacy.md": lambda: privacy_page().encode(),
        "assets/locale/safespace.pot": catalogue.template,
    }
    for language in catalogue.languages():
        folder = f"assets/locale/{language}/LC_MESSAGES"
        files[f"{folder}/safespace.po"] = partial(catalogue.translation, language)
        files[f"{folder}/safespace.mo"] = partial(catalogue.compiled, language)
    return files


def main() -> int:
    """Write every generated file, or with `--check` name those that are out of date."""
    check = sys.argv[1:] == ["--check"]
    stale = []
    for name, make in generated().items():
        file, content = ROOT / name, make()
        if file.is_file() and file.read_bytes() == content:
            continue
        stale.append(name)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    if check and stale:
        print(f"out of date, run `python -m tools.generate`: {', '.join(stale)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
