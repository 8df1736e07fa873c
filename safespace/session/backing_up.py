# SPDX-License-Identifier: AGPL-3.0-or-later
"""The backups of one open space: one a day in the background, and one whenever it is asked for.

The one of a day that could not be made until then is tried once more before the window closes.
A lock never waits for one: it calls off what is running, and the next unlock makes it.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from safespace.errors import Known, StorageError
from safespace.i18n import _
from safespace.session.checks import bugs
from safespace.store.backups import backups
from safespace.store.backups.backups import Backup
from safespace.store.files import make_private_folder
from safespace.store.keys.wraps import SpaceKey
from safespace.store.space import Space
from safespace.store.spaces import SpaceInfo

FIRST_S: Final = 1.0
"""After unlock, so that what the member came for goes first."""
AGAIN_S: Final = 3600.0
_WANTED: Final = "backup.wanted"
"""Where the space keeps which backup a lock called off."""
AT_CLOSE_S: Final = 60.0
"""So long a window that closes waits for one, unless its member skips it."""


def folder_of(chosen: str, spaces: Path) -> Path:
    """Where backups lie: the folder that was chosen, or one beside the folder of all spaces.

    One without its whole path is looked for at home, wherever the program was started.
    """
    return Path.home() / Path(chosen).expanduser() if chosen else spaces.parent / "backups"


def ready(chosen: str, spaces: Path) -> Path:
    """The same folder, there to be written in. Raises StorageError if a chosen one is not.

    A chosen one is never made: it may be a stick that is not plugged in.
    """
    folder = folder_of(chosen, spaces)
    if not chosen:
        make_private_folder(folder)
    elif not folder.is_dir():
        raise _away(folder)
    return folder


def _away(folder: Path) -> StorageError:
    return StorageError(
        _("The backup folder {folder} is not there.").format(folder=folder),
        _("Plug its disk in, or choose another: safespace config backup.folder FOLDER"),
    )


def facts_of(made: Backup) -> dict[str, str]:
    """A backup as JSON values."""
    return {"file": str(made.file), "made": made.made.isoformat()}


class BackingUp:
    """Thread-safe. `chosen` gives the setting `backup.folder` as it is now.

    `problem` is why the daily one could not be made; it is tried again every hour.
    """

    def __init__(
        self, space: Space, key: SpaceKey, info: SpaceInfo, chosen: Callable[[], str]
    ) -> None:
        self._space = space
        self._key = key
        self._info = info
        self._chosen = chosen
        self.problem: Known | None = None
        self._one_at_a_time = threading.Lock()
        self._ended = threading.Event()
        self._skipped = threading.Event()
        self._thread = threading.Thread(target=self._daily, name="backups", daemon=True)
        self._thread.start()

    @property
    def folder(self) -> Path:
        """Where they lie, whether that is there or not."""
        return folder_of(self._chosen(), self._info.folder.parent)

    def kept(self) -> list[Backup]:
        """Those of this space, the newest first; none while their folder is away."""
        return backups.kept(self.folder, self._info.id)

    def make(self, folder: Path | None = None, *, only: bool = False) -> Backup:
        """Make one now, and verify it. Raises StorageError, Damaged.

        `only`: the earlier ones in that folder go, so that what was deleted is in none.
        """
        into = folder or ready(self._chosen(), self._info.folder.parent)
        with self._one_at_a_time:
            try:
                return self._make(into, self._ended.is_set, only=only)
            except Known:
                if self._ended.is_set():  # called off by a lock: it is made after the next unlock
                    wanted = {"folder": folder and str(folder), "only": only}
                    self._space.keep_setting(_WANTED, wanted)
                raise

    def _make(self, folder: Path, stopped: Callable[[], bool], *, only: bool = False) -> Backup:
        keep = 1 if only else backups.KEPT
        return backups.make(self._space, self._key, self._info, folder, keep=keep, stopped=stopped)

    def due(self) -> bool:
        """Whether the one of the day is still to be made, and there is a folder for it."""
        here = not self.missing()
        return here and backups.due(self.folder, self._info.id, datetime.now(UTC))

    def at_close(self) -> Backup | None:
        """Make the one that is due before the space is closed; None if there is none.

        Returns when it is done, `skip` was called, or AT_CLOSE_S have passed, save for the step
        that is under way then.
        """
        until = time.monotonic() + AT_CLOSE_S

        with self._one_at_a_time, suppress(Known):
            if self.due():
                folder = ready(self._chosen(), self._info.folder.parent)
                return self._make(folder, lambda: self._called_off() or time.monotonic() > until)
        return None

    def skip(self) -> None:
        """Close without it."""
        self._skipped.set()

    def verify(self, backup: Backup) -> None:
        """Try a backup out. Raises Damaged, NewerSpace, StorageError."""
        backups.drill(backup.file, lambda _header: self._key, self._info.folder.parent)

    def missing(self) -> str:
        """What to say at unlock about a chosen folder that is away; usually nothing."""
        chosen = self._chosen()
        if not chosen or self.folder.is_dir():
            return ""
        return str(_away(self.folder))

    def end(self) -> None:
        """Call off what is running and wait until it has stopped."""
        self._ended.set()
        self._thread.join()
        with self._one_at_a_time:  # one that was asked for
            pass

    def _called_off(self) -> bool:
        return self._ended.is_set() or self._skipped.is_set()

    def _go_on(self) -> None:
        """Make the one that a lock called off."""
        match self._space.setting(_WANTED):
            case {"folder": str() | None as folder, "only": bool() as only}:
                self._space.keep_setting(_WANTED, None)
                self.make(Path(folder) if folder else None, only=only)

    def _daily(self) -> None:
        wait = FIRST_S
        while not self._ended.wait(wait):
            wait = AGAIN_S
            try:
                self._go_on()
                with self._one_at_a_time:
                    if backups.due(self.folder, self._info.id, datetime.now(UTC)):
                        folder = ready(self._chosen(), self._info.folder.parent)
                        self._make(folder, self._called_off)
                self.problem = None
            except Known as problem:
                self.problem = problem
            except Exception as defect:  # noqa: BLE001 - nobody else would hear of it
                bugs.keep(defect)
