# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking one answer along: on the clipboard, or in a file, with the mark of what wrote it."""

from datetime import datetime
from pathlib import Path

from safespace.domain import Message
from safespace.session.leaving.origin import answer_file, origin_of, signed
from safespace.session.turn.desk import Desk
from safespace.store.files import write_whole
from safespace.store.rooms.activity import Way


class Answers:
    """Any thread. The mark goes along unless the member turned that off."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def copied(self, message: Message) -> str:
        """What goes onto the clipboard of a message."""
        return signed(message.text, origin_of(message)) if self.marked() else message.text

    def into(self, folder: Path, message: Message) -> Path:
        """Write an answer into a new file in `folder`, which is not encrypted; the record says
        that something left. Raises StorageError.
        """
        origin = origin_of(message) if self.marked() else None
        written = answer_file(message.text, origin) if origin else message.text
        self._desk.space.activity.left(Way.ANSWER)
        file = folder / f"safespace-answer-{datetime.now():%Y-%m-%d-%H%M%S}.md"
        write_whole(file, written.encode("utf-8", "replace"))
        return file

    def marked(self) -> bool:
        """Whether the mark goes along."""
        return self._desk.get("assistant.marks") == "on"
