# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stored spaces, one per format, and how the next one is made.

    python -m tests.unit.store.formats

writes `formats/format-N` for the newest format N; it refuses to write one again, since a
stored space is what a member of that day has on the disk.
"""

import shutil
import tempfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from safespace.domain import (
    Kind,
    Level,
    Mark,
    Placeholder,
    Reading,
    Reason,
    Role,
    Route,
    TaskKind,
)
from safespace.local_ai.documents.pixels import Pixels, png
from safespace.store.keys.wraps import Cost
from safespace.store.migrations import MIGRATIONS
from safespace.store.rooms.activity import ActivityEntry, Outcome, Seen, Way
from safespace.store.rooms.bookmarks import Bookmark
from safespace.store.rooms.household import Kept
from safespace.store.rooms.limits import Use, Ward
from safespace.store.rooms.openings import By
from safespace.store.space import Space
from safespace.store.spaces import Spaces
from tests import papers

FOLDER: Final = Path(__file__).with_name("formats")
PASSPHRASE: Final = "a stored space holds no secret"
QUESTION: Final = "Where do herons sleep?"
ANSWER: Final = "In trees, near the water. 🪶"
NOTE: Final = "500 g plums"
DOCUMENT: Final = "A plum is a drupe.\n" * 999
PICTURE: Final = png(Pixels(30, 20, 1, zlib.compress(bytes(31 * 20))))
LINE: Final = "Ada likes plums."
HOLDINGS: Final = 5
"""The first format in which there are notes, documents and memory."""
MARK: Final = Mark(
    Route.LOCAL, "x", (Reason("level", (("level", "2"),)),), recorded=True, obligations=("o",)
)


def store_newest() -> None:
    """Write the space of the newest format."""
    with tempfile.TemporaryDirectory() as root:
        new = Spaces(Path(root)).create("Ada", PASSPHRASE, Cost(64, 1, 1))
        space = Space(new.info.folder, new.key)
        fill(space)
        space.close()
        shutil.copytree(new.info.folder, FOLDER / f"format-{len(MIGRATIONS)}")


def fill(space: Space) -> None:
    """Put something into every room of a space."""
    empty = space.new_conversation("Empty").id
    begun = space.new_conversation("Herons").id
    question = space.add_message(begun, None, Role.MEMBER, QUESTION, task=TaskKind.LETTER).id
    space.add_message(begun, question, Role.MODEL, "In", partial=True)
    space.add_message(begun, question, Role.MODEL, ANSWER, mark=MARK)
    space.save_draft(begun, "and storks?")
    space.save_draft(None, "not begun")
    space.set_level(Level.AT_MY_SIDE)
    space.note_opening(By.PASSPHRASE)
    space.keep_setting("assistant.model", "x.gguf")
    fill_record(space, datetime.now(UTC))
    folder = space.folders.make("Recipes")
    space.folders.keep_for(folder, 365)
    space.folders.put(Kind.NOTE, space.notes.keep(None, "Cake", NOTE), folder)
    with tempfile.TemporaryDirectory() as outside:
        file = Path(outside) / "plums.txt"
        file.write_text(DOCUMENT)
        space.documents.add(file, begun)
        file.with_name("bill.pdf").write_bytes(papers.pdf(["Paid."]))
        bill = space.documents.add(file.with_name("bill.pdf"))
    space.passages.write(bill.id, [(1, "Paid.")])
    space.passages.end(bill.id, Reading.WHOLE)
    (paid,) = space.passages.of(bill.id)
    space.vectors.keep(bytes(32), {paid.id: b"what a model made of it"})
    space.pictures.write(bill.id, (1, None, "A stamp", 30, 20, PICTURE))
    space.pictures.end(bill.id, 3)
    space.documents.attach(bill.id, empty)
    space.placeholders.keep(begun, [Placeholder("[Person 1]", "Ada", "PERSON")])
    space.memory.keep(None, LINE)
    for where in (None, begun):
        space.words.instruct(where, "Be brief.")
    space.words.keep_prompt(None, "Plan", "Plan my week.")
    space.limits.accept(b"limits, as they were signed\n")
    space.limits.note_use(Use(datetime.now(UTC), 60.0))
    space.limits.signing_key(bytes(32))
    space.limits.keep_ward(Ward("of-bo", "Bo", b"limits for Bo\n", bytes(32)))
    space.household.keep(Kept(bytes(32), b"limits for who begins here\n", bound=True))
    space.household.name_heir("Bo", bytes(32))
    space.household.let_apart("of-bo")
    space.consents.give("work", datetime.now(UTC))
    space.bookmarks.keep(begun, "a model", Bookmark(600, b"what it made of it"), 1 << 20)


def fill_record(space: Space, now: datetime) -> None:
    """An old day, something removed, an exit, and a decision that is over."""
    entry = ActivityEntry(now, TaskKind.CHAT, Level.AT_MY_SIDE, Route.LOCAL, MARK.reasons, "x")
    for days in (50, 50, 40):
        space.activity.record(replace(entry, at=now - timedelta(days)))
    space.activity.fold(now + timedelta(days=1))
    space.activity.remove([space.activity.record(entry)], now.date())
    sent = replace(entry, route=Route.COOP, topics=("work",), subject="own", sent=70)
    space.activity.end(space.activity.record(sent, [Seen("IP", 7, "192.0.2.1")]), Outcome.ANSWERED)
    space.activity.left(Way.EXPORT)


if __name__ == "__main__":
    store_newest()
