# SPDX-License-Identifier: AGPL-3.0-or-later
"""Translation: gettext for the core, the terminal and the window, from one catalogue.

`_` translates where it is called; `N_` only marks a string that is translated later, for
tables built at import time. `use` chooses the language once, at start.
"""

import gettext
import os
from pathlib import Path
from typing import Final

_DOMAIN: Final = "safespace"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(locale_folder: Path, language: str = "system") -> None:
    """Choose the language of every later `_`: a code such as "de", or "system"."""
    global _catalogue
    wanted = None if language == "system" else [language]
    _catalogue = gettext.translation(_DOMAIN, locale_folder, wanted, fallback=True)


def lend(locale_folder: Path, language: str = "system") -> None:
    """Let libraries that ask the standard gettext, as click does, speak that language too.

    Changes the environment: the standard gettext takes the language from nowhere else.
    """
    gettext.bindtextdomain(_DOMAIN, locale_folder)
    gettext.textdomain(_DOMAIN)
    if language != "system":
        os.environ["LANGUAGE"] = language


def language() -> str:
    """The code of the language that is spoken: "en" where there is no catalogue for another."""
    return _catalogue.info().get("language", "en")


def _(text: str) -> str:
    """`text` in the chosen language."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a counted sentence that fits `count` in the chosen language."""
    return _catalogue.ngettext(one, many, count)


def decimal(value: float) -> str:
    """`value` with the mark that the chosen language puts before tenths."""
    whole, _dot, part = str(value).partition(".")
    return _("{whole}.{part}").format(whole=whole, part=part) if part else whole


def N_(text: str) -> str:
    """Mark `text` for the catalogue; it is translated by `_` where it is shown."""
    return text
