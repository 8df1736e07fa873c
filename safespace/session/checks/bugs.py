# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where our own defects are kept: type and place, never a message, a local or a person's word."""

import os
import sys
import threading
import traceback
from datetime import UTC, datetime
from functools import partial
from typing import Final

from safespace import __version__, paths
from safespace.errors import Bug
from safespace.i18n import _


def keep_all() -> None:
    """Keep what nobody catches, too, instead of printing it: standard error may be a journal."""
    sys.excepthook = lambda _type, defect, _trace: _say(defect)
    threading.excepthook = lambda happened: _say(happened.exc_value)
    sys.unraisablehook = lambda happened: _say(happened.exc_value)


def _say(defect: BaseException | None) -> None:
    if defect is not None and not isinstance(defect, SystemExit):
        said = keep(defect)
        if sys.stderr:
            sys.stderr.write(f"{said}\n")


_private: Final = partial(os.open, mode=0o600)


def keep(defect: BaseException) -> Bug:
    """Keep `defect` in the state folder and return what a face shows of it.

    Never raises: where nothing can be written, it is only shown.
    """
    frames = traceback.extract_tb(defect.__traceback__)
    place = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    kept = f"{type(defect).__name__} at {place or '?'}"
    try:
        folder = paths.state()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(folder / "bugs.log", "a", encoding="utf-8", opener=_private) as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M} {__version__} {kept}\n")
    except OSError:
        pass
    return Bug(_("Something in Safe Space itself went wrong ({what}).").format(what=kept))
