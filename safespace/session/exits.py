# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's own ways out: judged before they are taken, and noted."""

import json
from datetime import datetime
from pathlib import Path

from safespace.guard.leaving import addresses
from safespace.session.computer import Computer
from safespace.store.files import write_whole
from safespace.store.rooms.activity import Activity, Way, as_json


class Exits:
    """Any thread."""

    def __init__(self, computer: Computer, record: Activity) -> None:
        self._computer = computer
        self._record = record

    def in_address(self, shown: str, decoded: str) -> tuple[str, ...] | None:
        """What a link's address would carry out, each in words; None if that cannot be told."""
        return addresses.carried(shown, decoded, self._computer.scanner)

    def note_link(self) -> None:
        """Have the record say that a link was opened; which one, it does not say."""
        self._record.left(Way.LINK)

    def note_sheet(self) -> None:
        """Have the record say that the recovery sheet is printed now. Raises StorageError."""
        self._record.left(Way.SHEET)

    def record_into(self, folder: Path) -> Path:
        """Write the activity record as JSON into a new file in `folder`, which is not encrypted.

        A face has its member proven before. Raises StorageError.
        """
        self._record.left(Way.RECORD)
        file = folder / f"safespace-activity-{datetime.now():%Y-%m-%d-%H%M%S}.json"
        written = json.dumps(as_json(self._record.lines()), ensure_ascii=False, indent=2)
        write_whole(file, written.encode())
        return file
