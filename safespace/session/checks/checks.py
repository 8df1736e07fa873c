# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is checked of an open space, when that is done, and how it came out last."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from safespace.errors import Known, StorageError
from safespace.i18n import N_, _, ngettext
from safespace.session.backing_up import BackingUp
from safespace.session.checks.truth import Noticed, Truth
from safespace.session.keys.drill import WEEK, Drill
from safespace.store.keys import header_copies
from safespace.store.space import Space
from safespace.store.truth.witness import Wrong

_TRIED: Final = "checks.backups"
"""Where the space keeps when its backups were tried out, and the names of those that failed."""
_OF_THE_WHOLE: Final = frozenset({Wrong.GAP, Wrong.DAMAGED, Wrong.REPAIRED})
"""What the whole check notices; the rest is noticed at an opening."""


class What(StrEnum):
    """What is checked."""

    HEADER = "header"
    LAST_STATE = "last_state"
    WHOLE = "whole"
    BACKUPS = "backups"
    SHEET = "sheet"


class Outcome(StrEnum):
    """How a check came out."""

    WELL = "well"
    DOUBT = "doubt"
    NOT_YET = "not_yet"


_TITLE: Final = {
    What.HEADER: N_("What opens the space"),
    What.LAST_STATE: N_("Whether it is as you left it"),
    What.WHOLE: N_("Every page and every change"),
    What.BACKUPS: N_("The backups"),
    What.SHEET: N_("The recovery sheet"),
}
_WHEN: Final = {
    What.HEADER: N_("At each opening: both copies of the header."),
    What.LAST_STATE: N_(
        "At each opening: the file is compared with a note about it that lies outside, and with"
        " those that other spaces of this computer keep."
    ),
    What.WHOLE: N_(
        "Seconds after each opening, once a day, and now if you like: no page is damaged, and"
        " nothing that was saved is missing."
    ),
    What.BACKUPS: N_(
        "Each when it is made, once a day: read back and compared. All of them now if you like:"
        " each is restored aside, compared and removed again."
    ),
    What.SHEET: N_("Once, a week after each new recovery code: you are asked for the paper."),
}


@dataclass(frozen=True, slots=True)
class Check:
    """`at` is when it was last done, None: not yet; `said` is how it came out, in a sentence."""

    what: What
    outcome: Outcome
    at: datetime | None
    said: str

    @property
    def title(self) -> str:
        """What it is about."""
        return _(_TITLE[self.what])

    @property
    def when(self) -> str:
        """When it is done."""
        return _(_WHEN[self.what])


@dataclass(frozen=True, slots=True)
class Tried:
    """What checking everything found: about the space, and about each backup."""

    noticed: list[Noticed]
    backups: dict[Path, Known | None]


class Checks:
    """The checks of one open space. Any thread; `now` blocks for as long as it takes."""

    def __init__(
        self, folder: Path, space: Space, truth: Truth, backups: BackingUp, drill: Drill
    ) -> None:
        self._folder = folder
        self._space = space
        self._truth = truth
        self._backups = backups
        self._drill = drill
        self._opened = datetime.now(UTC)

    def look(self) -> tuple[Check, ...]:
        """How each check came out last. Checks nothing itself, save the header."""
        return tuple(self._each())

    def now(self) -> Tried:
        """Check every page and every change, and try out every backup.

        Raises SpaceError once the space is locked.
        """
        noticed = self._truth.check()
        backups: dict[Path, Known | None] = {}
        for kept in self._backups.kept():
            try:
                self._backups.verify(kept)
                backups[kept.file] = None
            except Known as problem:
                backups[kept.file] = problem
        failed = [file.name for file, problem in backups.items() if problem]
        with suppress(StorageError):  # a full disk keeps no date
            tried = {"at": datetime.now(UTC).isoformat(), "failed": failed}
            self._space.keep_setting(_TRIED, tried)
        return Tried(noticed, backups)

    def _each(self) -> Iterator[Check]:
        yield self._header()
        unseen = {noticed.finding.kind for noticed in self._truth.noticed()}
        if unseen - _OF_THE_WHOLE:
            said = _("It differs from how it was left: see below.")
            yield Check(What.LAST_STATE, Outcome.DOUBT, self._opened, said)
        else:
            said = _("Nothing is missing, and nothing was put back.")
            yield Check(What.LAST_STATE, Outcome.WELL, self._opened, said)
        yield self._whole(doubt=bool(unseen & _OF_THE_WHOLE))
        yield self._of_backups()
        yield self._sheet()

    def _header(self) -> Check:
        now = datetime.now(UTC)
        try:
            damaged = header_copies.read(self._folder).damaged
        except Known as problem:
            return Check(What.HEADER, Outcome.DOUBT, now, str(problem))
        if damaged:
            said = _("{name} is damaged. The next opening writes it anew from the other copy.")
            said = said.format(name=damaged[0])
            return Check(What.HEADER, Outcome.DOUBT, now, said)
        return Check(What.HEADER, Outcome.WELL, now, _("Both copies are whole."))

    def _whole(self, *, doubt: bool) -> Check:
        at = self._truth.last_check()
        if doubt:
            return Check(What.WHOLE, Outcome.DOUBT, at, _("Something was noticed: see below."))
        if at is None:
            return Check(What.WHOLE, Outcome.NOT_YET, at, _("It was not checked yet."))
        return Check(What.WHOLE, Outcome.WELL, at, _("Every page and every change is whole."))

    def _of_backups(self) -> Check:
        kept = self._backups.kept()
        tried_at, failed = self._tried()
        broken = sorted({backup.file.name for backup in kept} & failed)
        problem = self._backups.problem or self._backups.missing()
        if not kept:
            said = str(problem) if problem else _("There is none yet.")
            return Check(What.BACKUPS, Outcome.DOUBT if problem else Outcome.NOT_YET, None, said)
        newest = max(backup.made for backup in kept)
        at = max(newest, tried_at) if tried_at else newest
        if broken:
            said = _("This one is not whole: {file}").format(file=broken[0])
            return Check(What.BACKUPS, Outcome.DOUBT, at, said)
        if problem:
            return Check(What.BACKUPS, Outcome.DOUBT, at, str(problem))
        said = ngettext("{count} is kept, and was whole.", "{count} are kept, and were whole.",
                        len(kept)).format(count=len(kept))  # fmt: skip
        return Check(What.BACKUPS, Outcome.WELL, at, said)

    def _sheet(self) -> Check:
        sheet = self._drill.sheet()
        if sheet.passed is not None and sheet.passed >= sheet.made:
            said = _("The paper opened the space.")
            return Check(What.SHEET, Outcome.WELL, sheet.passed, said)
        day = max(sheet.made, sheet.put_off or sheet.made) + WEEK
        said = _("Not tried yet. You are asked for it from {day} on.").format(
            day=f"{day.astimezone():%Y-%m-%d}"
        )
        return Check(What.SHEET, Outcome.NOT_YET, None, said)

    def _tried(self) -> tuple[datetime | None, frozenset[str]]:
        match self._space.setting(_TRIED):
            case {"at": str() as at, "failed": list() as failed}:
                with suppress(ValueError):
                    return datetime.fromisoformat(at), frozenset(map(str, failed))
        return None, frozenset()
