# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the open space is what was last saved of it: what was noticed, and the whole check."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from safespace.errors import Known, StorageError
from safespace.i18n import _, ngettext
from safespace.session.checks import bugs
from safespace.store.backups.backups import Backup
from safespace.store.rooms.findings import Finding
from safespace.store.space import Space
from safespace.store.truth.witness import Wrong

FIRST_S: Final = 4.0
"""After unlock, so that what the member came for goes first."""
AGAIN_S: Final = 24 * 3600.0
_CHECKED: Final = "truth.checked"
"""Where the space keeps when the last whole check ended."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding in words: a sentence and a way on."""

    finding: Finding
    said: Known


class Truth:
    """Thread-safe. Checks everything in the background after unlock, and once a day."""

    def __init__(self, space: Space, backups: Callable[[], list[Backup]]) -> None:
        self._space = space
        self._backups = backups
        self._heard: Callable[[], None] = lambda: None
        self._one_at_a_time = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._daily, name="truth", daemon=True)
        self._thread.start()

    def noticed(self) -> list[Noticed]:
        """What was noticed and not ticked off yet, the first one first."""
        return [Noticed(finding, self._said(finding)) for finding in self._space.findings()]

    def tick_off(self) -> None:
        """The member has seen what was noticed up to now; it is not said again."""
        for finding in self._space.findings():
            self._space.tick_off(finding.id)

    def check(self) -> list[Noticed]:
        """Check every page and the whole chain now; what was noticed, then or before. Blocks."""
        with self._one_at_a_time:
            if self._space.prove(self._ended.is_set):
                with suppress(StorageError):  # a full disk keeps no date
                    self._space.keep_setting(_CHECKED, datetime.now(UTC).isoformat())
        return self.noticed()

    def last_check(self) -> datetime | None:
        """When the last whole check ended, at this opening or before."""
        kept = self._space.setting(_CHECKED)
        try:
            return datetime.fromisoformat(kept) if isinstance(kept, str) else None
        except ValueError:
            return None

    def history(self) -> list[tuple[Noticed, bool]]:
        """All that was ever noticed, the last first, and whether it was ticked off."""
        found = [
            (Noticed(finding, self._said(finding)), seen)
            for finding, seen in self._space.every_finding()
        ]
        return found[::-1]

    def listen(self, heard: Callable[[], None]) -> None:
        """Have `heard` called, on the background thread, when the whole check notices something."""
        self._heard = heard

    def end(self) -> None:
        """Call off what is running and wait until it has stopped."""
        self._ended.set()
        self._thread.join()

    def _daily(self) -> None:
        wait = FIRST_S
        while not self._ended.wait(wait):
            wait = AGAIN_S
            try:
                before = len(self.noticed())
                if len(self.check()) > before:
                    self._heard()
            except Known:  # the space was locked, or the disk refuses: tomorrow again
                pass
            except Exception as defect:  # noqa: BLE001 - nobody else would hear of it
                bugs.keep(defect)

    def _said(self, finding: Finding) -> Known:
        until = f"{finding.until.astimezone():%Y-%m-%d %H:%M}" if finding.until else "?"
        match finding.kind:
            case Wrong.LOST:
                sentence = ngettext(
                    "The last change to this space, made at {until}, is missing: its file was put"
                    " back or damaged.",
                    "The last {count} changes to this space, made until {until}, are missing: its"
                    " file was put back or damaged.",
                    finding.changes,
                ).format(count=finding.changes, until=until)
            case Wrong.OLDER:
                sentence = _(
                    "This whole space is older than when it was last used here. What was saved"
                    " since is missing."
                )
            case Wrong.EXCHANGED:
                sentence = _(
                    "A part of this space's file is not what was written there last: it was put"
                    " back or exchanged."
                )
            case Wrong.UNMARKED:
                sentence = _(
                    "The note that says how this space looked when it was last closed is gone."
                    " So nobody can tell whether something is missing."
                )
            case Wrong.GAP:
                sentence = _("Something that was saved in this space is not there any more.")
            case Wrong.DAMAGED:
                sentence = _("A part of this space's file is damaged.")
            case Wrong.REPAIRED:
                sentence = ngettext(
                    "This space was damaged and repaired; {count} entry is lost.",
                    "This space was damaged and repaired; {count} entries are lost.",
                    finding.changes,
                ).format(count=finding.changes)
        return Known(sentence, self._way_on(finding))

    def _way_on(self, finding: Finding) -> str:
        before = next((made for made in self._backups() if made.made < finding.at), None)
        if before is None:
            return _("What is here stays. Look whether something is missing; there is no backup.")
        return _(
            "What is here stays. To see what its backup of {day} holds, restore it beside this"
            " space: safespace space restore {file}"
        ).format(day=f"{before.made.astimezone():%Y-%m-%d %H:%M}", file=before.file)
