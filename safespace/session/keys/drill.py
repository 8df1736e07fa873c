# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does the paper still open the space? Asked once, a week after each new recovery code.

A code on a sheet that was lost, or written down wrongly, is found out now and not on the day
when it is needed. When it was made, tried and put off is kept inside the space.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from safespace.store.keys import header_copies
from safespace.store.space import Space

WEEK: Final = timedelta(days=7)
_KEPT: Final = "recovery.drill"


@dataclass(frozen=True, slots=True)
class Sheet:
    """When the recovery code was made, last typed from the paper, and put off; all in UTC.

    `unsure`: nobody said that the words were kept while they were on the screen.
    """

    made: datetime
    passed: datetime | None = None
    put_off: datetime | None = None
    unsure: bool = False

    def is_due(self, now: datetime) -> bool:
        """Whether to ask for the paper now."""
        if self.passed is not None and self.passed >= self.made:
            return False
        if self.unsure:
            return True
        return now - max(self.made, self.put_off or self.made) >= WEEK


class Drill:
    """The drill of one open space. Blocks briefly; any thread."""

    def __init__(self, space: Space, folder: Path) -> None:
        self._space = space
        self._folder = folder

    def sheet(self) -> Sheet:
        """What is known of the paper; a space of before drills counts from its own making."""
        kept = self._space.setting(_KEPT)
        times = kept if isinstance(kept, dict) else {}
        unsure = times.get("unsure") is True
        made = _moment(times.get("made")) or header_copies.read(self._folder).header.created
        return Sheet(made, _moment(times.get("passed")), _moment(times.get("put_off")), unsure)

    def is_due(self) -> bool:
        """Whether to ask for the paper now."""
        return self.sheet().is_due(datetime.now(UTC))

    def check(self, code: str) -> None:
        """Try the code typed from paper, and note that it opens. Raises WrongPassphrase."""
        header_copies.read(self._folder).header.unlock_with_recovery(code)
        self._keep(replace(self.sheet(), passed=datetime.now(UTC), put_off=None, unsure=False))

    def put_off(self) -> None:
        """Ask again in a week."""
        self._keep(replace(self.sheet(), put_off=datetime.now(UTC), unsure=False))

    def doubt(self) -> None:
        """The code went from the screen before it was said that it is kept: ask at once."""
        self._keep(replace(self.sheet(), unsure=True))

    def put_back(self, sheet: Sheet) -> None:
        """The recovery code of before stays: there is no new one after all."""
        self._keep(sheet)

    def begin(self) -> None:
        """There is a new recovery code: it was not tried yet."""
        self._keep(Sheet(datetime.now(UTC)))

    def _keep(self, sheet: Sheet) -> None:
        times = {"made": sheet.made, "passed": sheet.passed, "put_off": sheet.put_off}
        kept: dict[str, object] = {name: time.isoformat() for name, time in times.items() if time}
        self._space.keep_setting(_KEPT, {**kept, "unsure": True} if sheet.unsure else kept)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
