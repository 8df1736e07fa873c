# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files made from the sources: `python -m tools.generate` writes them, `--check` compares."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from safespace.settings import TABLE, Scope, Setting
from tools import catalogue

ROOT: Final = Path(__file__).resolve().parent.parent

_SETTINGS_HEAD: Final = """\
<!-- Made by `python -m tools.generate` from safespace/settings.py. Do not edit. -->
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


def generated() -> dict[str, Callable[[], bytes]]:
    """Every generated file, and what makes it."""
    files: dict[str, Callable[[], bytes]] = {
        "docs/settings.md": lambda: settings_page().encode(),
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
