# SPDX-License-Identifier: AGPL-3.0-or-later
"""An open space: every room of the store, behind one owner thread."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from safespace.domain import Conversation, Hit, Kind, Level, Mark, Message, Role, Route, TaskKind
from safespace.errors import SafeSpaceError, StorageError
from safespace.store.connection import DATABASE, Database, open_database
from safespace.store.keys.wraps import SpaceKey
from safespace.store.migrations import migrate
from safespace.store.owner import OwnerThread
from safespace.store.proofs import proof, rows
from safespace.store.proofs.receipts import Receipts
from safespace.store.rooms import (
    conversations,
    deletion,
    engagement,
    export,
    findings,
    folders,
    kept_settings,
    limits,
    openings,
    search,
)
from safespace.store.rooms.activity import Activity
from safespace.store.rooms.bin import Bin
from safespace.store.rooms.bookmarks import Bookmarks
from safespace.store.rooms.consents import ConsentTable
from safespace.store.rooms.documents import Documents
from safespace.store.rooms.findings import Finding
from safespace.store.rooms.folders import Folders
from safespace.store.rooms.household import HouseholdTable
from safespace.store.rooms.limits import LimitsTable
from safespace.store.rooms.memory import Memory
from safespace.store.rooms.notes import Notes
from safespace.store.rooms.openings import By, Opening
from safespace.store.rooms.own_words import OwnWords
from safespace.store.rooms.passages import Passages
from safespace.store.rooms.pictures import Pictures
from safespace.store.rooms.placeholders import Placeholders
from safespace.store.rooms.vectors import Vectors

_ENDED: Final = object()


class Space:
    """One member's unlocked store.

    Any thread may call any method; it blocks until the owner thread has done the work, which
    is then on the disk whole. What is wrong with the file or the disk comes as Damaged or
    StorageError, what is no longer there as Usage, and nothing was changed then.
    """

    def __init__(self, folder: Path, key: SpaceKey, state: Path | None = None) -> None:
        """Open the space in `folder`, bringing an older format up to date.

        What its head, there or in the `state` folder, says of it and is not so, is noted as a
        finding. What lay in a folder for the folder's time goes to the bin; what lay there for
        its own time is erased.

        Raises Damaged, NewerSpace, InUse, StorageError.
        """

        def opening() -> Database:
            database = open_database(folder / DATABASE, key, state)
            try:
                migrate(database)
                with suppress(StorageError):  # a full disk must not keep anyone from reading
                    self._compare(database)
                folders.tidy(database)
                deletion.erase_old(database)
            except BaseException:
                database.close()
                raise
            return database

        self._receipts = Receipts(state, folder, key) if state else None
        self._owner = OwnerThread(opening)
        self.activity = Activity(self._owner)
        with suppress(StorageError):  # as above
            self.activity.fold(datetime.now().astimezone())
        self.limits = LimitsTable(self._owner)
        self.household = HouseholdTable(self._owner)
        self.consents = ConsentTable(self._owner)
        self.placeholders = Placeholders(self._owner)
        self.notes = Notes(self._owner)
        self.documents = Documents(self._owner)
        self.passages = Passages(self._owner)
        self.vectors = Vectors(self._owner)
        self.pictures = Pictures(self._owner)
        self.memory = Memory(self._owner)
        self.words = OwnWords(self._owner)
        self.folders = Folders(self._owner)
        self.bookmarks = Bookmarks(self._owner, folder)
        self.bin = Bin(self._owner, self.documents, self.bookmarks, folder)
        with suppress(SafeSpaceError):
            self.bookmarks.sweep()

    def remembered_limits(self) -> bytes:
        """The limits that other spaces' receipts, or the last own one, hold: all in a row."""
        return self._receipts.limits() if self._receipts else b""

    def _compare(self, database: Database) -> None:
        """Note what the head or a receipt says and is not so; from now on what is there counts."""
        witness = database.witness
        doubt = witness.doubt
        if self._receipts and witness.head and not doubt:
            doubt = self._receipts.doubt(witness.head)
        if doubt:
            findings.note(database, doubt)
            witness.begin(database, *(self._receipts.lives() if self._receipts else ()))
        witness.accept(database)
        if self._receipts:
            with database.transaction():
                self._receipts.exchange(database)

    def close(self) -> None:
        """Close the database and end its thread. Closing again does nothing."""
        if self._receipts:
            with suppress(SafeSpaceError):
                self._owner.alone(self._publish)
        self._owner.close()

    def _publish(self, database: Database) -> None:
        database.settle()
        if self._receipts and database.witness.head:
            self._receipts.publish(database.witness.head, limits.remembered(database))

    # Conversations

    def new_conversation(self, title: str) -> Conversation:
        """A conversation without a message yet."""
        return self._owner.do(conversations.begin, title)

    def begin_with(
        self, title: str, text: str, *, route: Route, task: TaskKind | None, typed: str
    ) -> Message:
        """A conversation that may go as far as `route`, begun with the member's message. What
        was `typed` for it is no draft any more.
        """
        return self._owner.do(
            conversations.begin_with, title, text, route=route, task=task, typed=typed
        )

    def conversations(self) -> list[Conversation]:
        """All of them outside the bin, the newest changed first."""
        return self._owner.do(conversations.every)

    def conversation(self, conversation: int) -> Conversation:
        """One of them."""
        return self._owner.do(conversations.conversation, conversation)

    def rename(self, conversation: int, title: str) -> None:
        """Give a conversation another title."""
        self._owner.do(conversations.rename, conversation, title)

    def pin(self, conversation: int, route: Route) -> None:
        """Let a conversation go as far as `route` at most, whatever the level."""
        self._owner.do(conversations.pin, conversation, route)

    def delete_conversation(self, conversation: int) -> None:
        """Put a conversation into the bin, also on a full disk; gone already is as good."""
        self.bin.put(Kind.CONVERSATION, conversation)

    def add_message(
        self,
        conversation: int,
        parent: int | None,
        role: Role,
        text: str,
        *,
        partial: bool = False,
        mark: Mark | None = None,
        task: TaskKind | None = None,
    ) -> Message:
        """Add a message below `parent`; it becomes the leaf.

        A message of the member clears that conversation's draft in the same moment.
        """
        return self._owner.do(
            conversations.add,
            conversation,
            parent,
            role,
            text,
            partial=partial,
            mark=mark,
            task=task,
        )

    def update_message(
        self, message: int, text: str, *, partial: bool, mark: Mark | None
    ) -> Message:
        """Give a message its text as it now stands: an answer that grew, or was broken off."""
        return self._owner.do(conversations.update, message, text, partial=partial, mark=mark)

    def message(self, message: int) -> Message:
        """One message."""
        return self._owner.do(conversations.message, message)

    def branch(self, conversation: int) -> list[Message]:
        """The messages that are shown, from the first to the leaf."""
        return self._owner.do(conversations.branch, conversation)

    def path(self, message: int) -> list[Message]:
        """The messages from the first to this one."""
        return self._owner.do(conversations.path, message)

    def choose(self, message: int) -> None:
        """Show the branch through this message, down to the newest leaf below it."""
        self._owner.do(conversations.choose, message)

    def save_draft(self, conversation: int | None, text: str) -> None:
        """Keep what is being typed; None stands for the conversation not yet begun."""
        self._owner.do(conversations.save_draft, conversation, text)

    def draft(self, conversation: int | None) -> str:
        """What was being typed."""
        return self._owner.do(conversations.draft, conversation)

    def search(self, text: str, limit: int, only: Kind | None = None) -> list[Hit]:
        """Where the words of `text` stand outside the bin, the best `limit` first."""
        return self._owner.do(search.search, text, limit, only)

    # Settings and level

    def setting(self, key: str) -> object | None:
        """The JSON value kept for `key`; None when there is none."""
        return self._owner.do(kept_settings.setting, key)

    def keep_setting(self, key: str, value: object) -> None:
        """Keep a JSON value for `key`."""
        self._owner.do(kept_settings.keep, key, value)

    def level(self) -> tuple[Level, int]:
        """The level and its version. Raises Damaged when it cannot be told."""
        return self._owner.do(engagement.level)

    def set_level(self, level: Level) -> int:
        """Set the level; its new version."""
        return self._owner.do(engagement.set_level, level)

    # Openings

    def note_opening(self, by: By) -> None:
        """Note that the space was opened just now."""
        self._owner.do(openings.note, by)

    def openings(self) -> list[Opening]:
        """When it was opened before and by what, the last one first; some twenty are kept."""
        return self._owner.do(openings.every)

    # Findings

    def findings(self) -> list[Finding]:
        """What was noticed about the space's files and not ticked off yet."""
        return self._owner.do(findings.unseen)

    def every_finding(self) -> list[tuple[Finding, bool]]:
        """All that was ever noticed, the first one first, and whether it was ticked off."""
        return self._owner.do(findings.every)

    def tick_off(self, finding: int) -> None:
        """The member has seen a finding."""
        self._owner.do(findings.tick_off, finding)

    def prove(self, ended: Callable[[], bool]) -> bool:
        """Check every page and the whole chain, while others use the space too.

        What is wrong becomes a finding. False if `ended` called it off; blocks for seconds.
        """
        checking = self._owner.alone(proof.steps)
        while not ended():
            if self._owner.alone(lambda _database: next(checking, _ENDED)) is _ENDED:
                return True
        return False

    def export(self) -> dict[str, object]:
        """Everything in the space, as JSON values."""
        return self._owner.do(export.everything)

    def copy_into(self, file: Path, key: SpaceKey) -> str:
        """Write a copy under the same key to the empty `file`; the digest of what it holds."""

        def copied(database: Database) -> str:
            database.vacuum_into(file)
            return rows.digest(database, key)

        return self._owner.alone(copied)
