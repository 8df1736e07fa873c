# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wait after wrong passphrases: it grows, ends at half a minute, and locks nobody out.

It slows a relative at the keyboard. Who copies the files meets the cost of Argon2id instead.
"""

import json
import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.errors import StorageError, WaitFirst
from safespace.i18n import ngettext
from safespace.store.files import write_whole

FREE: Final = 3
LONGEST_S: Final = 30.0
_FILE: Final = "attempts.json"


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many wrong passphrases came in a row, and when the last one did (Unix time)."""

    wrong: int = 0
    last: float = 0.0


def wait_after(wrong: int) -> float:
    """Seconds to wait after so many wrong ones: none for the first three, then 1, 2, 4 … 30."""
    if wrong <= FREE:
        return 0.0
    return min(2.0 ** min(wrong - FREE - 1, 10), LONGEST_S)


def check(folder: Path, now: float) -> None:
    """Raises WaitFirst while the wait after the last wrong passphrase is not over."""
    attempts = _read(folder)
    if attempts.last > now:  # the clock was set back: wait from now on, not until then
        attempts = Attempts(attempts.wrong, now)
        try:
            _keep(folder, attempts)
        except StorageError:
            return
    left = attempts.last + wait_after(attempts.wrong) - now
    if left > 0:
        seconds = math.ceil(left)
        raise WaitFirst(
            left,
            ngettext(
                "After several wrong passphrases there is a short wait: {count} second.",
                "After several wrong passphrases there is a short wait: {count} seconds.",
                seconds,
            ).format(count=seconds),
        )


def count_wrong(folder: Path, now: float) -> None:
    """One more wrong passphrase. Where nothing can be written, the count stays as it was."""
    with suppress(StorageError):
        _keep(folder, Attempts(_read(folder).wrong + 1, now))


def forget(folder: Path) -> None:
    """The right passphrase came."""
    with suppress(OSError):
        (folder / _FILE).unlink(missing_ok=True)


def _keep(folder: Path, attempts: Attempts) -> None:
    write_whole(
        folder / _FILE, json.dumps({"wrong": attempts.wrong, "last": attempts.last}).encode()
    )


def _read(folder: Path) -> Attempts:
    try:
        kept = json.loads((folder / _FILE).read_bytes())
        return Attempts(max(0, int(kept["wrong"])), float(kept["last"]))
    except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return Attempts()
