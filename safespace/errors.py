# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every error a person can meet.

    SafeSpaceError
    ├── Known                  the world's fault: one sentence and what to do, no traceback
    │   ├── Usage              asked for in a way that cannot be done
    │   │   └── NeedsConfirm   going up a level is a deliberate act
    │   ├── SpaceError
    │   │   ├── NoSuchSpace    unknown name, none yet, or several to choose from
    │   │   ├── WrongPassphrase
    │   │   ├── WaitFirst      after several wrong ones: seconds left to wait
    │   │   ├── Damaged        says which file; nothing was changed
    │   │   ├── NewerSpace     written by a later version
    │   │   ├── InUse          another process holds the space
    │   │   └── NoKeyring      the keyring does not open it; the passphrase does
    │   ├── StorageError       full disk, folder that cannot be written
    │   ├── NotSent
    │   │   ├── NotCleared     the guard permits it not, or no longer: nothing left
    │   │   ├── Unanswered     it left, or part of it; no answer came, or not a whole one
    │   │   │   ├── Moved      what was asked for lies elsewhere, it says
    │   │   │   ├── TooMuch    more came, or was announced, than was agreed
    │   │   │   └── NotInParts it cannot go on where it broke off
    │   │   └── Cut            it was ended here, while it was under way
    │   └── EngineError
    │       ├── NoModel        the shelf holds no such model
    │       ├── ModelDamaged   wrong checksum, truncated, not a model
    │       ├── CatalogueRefused   not signed by its keepers, older, or not whole
    │       ├── ModelTooBig    says how much memory it needs
    │       ├── MessageTooLong says what fits
    │       └── WorkerDied     what came until then is kept
    └── Bug                    ours: kept by type and line, never with content

A `Known` carries `sentence` (what happened) and `way_on` (what to do), both translated, and
`exit_code` for the terminal. Exit codes are stable: docs/commands.md lists them.
"""

from typing import ClassVar


class SafeSpaceError(Exception):
    """Root of the tree; catch `Known` or `Bug` instead."""


class Known(SafeSpaceError):
    """Something outside the program: `sentence` says what, `way_on` what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, way_on: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.way_on = way_on

    def __str__(self) -> str:
        return f"{self.sentence} {self.way_on}".strip()


class Usage(Known):
    exit_code = 2


class NeedsConfirm(Usage):
    exit_code = 9


class SpaceError(Known):
    exit_code = 4


class NoSuchSpace(SpaceError):
    pass


class WrongPassphrase(SpaceError):
    exit_code = 3


class WaitFirst(SpaceError):
    exit_code = 3

    def __init__(self, seconds: float, sentence: str, way_on: str = "") -> None:
        super().__init__(sentence, way_on)
        self.seconds = seconds


class Damaged(SpaceError):
    exit_code = 5


class NewerSpace(SpaceError):
    exit_code = 5


class InUse(SpaceError):
    exit_code = 6


class NoKeyring(SpaceError):
    pass


class CalledOff(Known):
    """Stopped by who asked for it; the world is as it was before."""

    exit_code = 130


class StorageError(Known):
    exit_code = 7


class NotSent(Known):
    exit_code = 11


class NotCleared(NotSent):
    pass


class Unanswered(NotSent):
    pass


class Moved(Unanswered):
    """`url` is where it lies, by what the other side says: untrusted, and not asked."""

    def __init__(self, url: str, sentence: str, way_on: str = "") -> None:
        super().__init__(sentence, way_on)
        self.url = url


class TooMuch(Unanswered):
    pass


class NotInParts(Unanswered):
    pass


class Cut(NotSent):
    pass


class EngineError(Known):
    exit_code = 8


class NoModel(EngineError):
    pass


class ModelDamaged(EngineError):
    pass


class CatalogueRefused(EngineError):
    pass


class ModelTooBig(EngineError):
    pass


class MessageTooLong(EngineError):
    """`tokens` were asked for and `limit` fit; `fitting` is the start of the text that does."""

    def __init__(
        self, tokens: int, limit: int, fitting: str, sentence: str, way_on: str = ""
    ) -> None:
        super().__init__(sentence, way_on)
        self.tokens = tokens
        self.limit = limit
        self.fitting = fitting


class WorkerDied(EngineError):
    pass


class Bug(SafeSpaceError):
    """A defect of ours."""
