# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a space's database came to look as it does: one step per format, in order.

A step is never changed once released; the next one is added below it. The number of a
database's format is its `user_version`.
"""

from collections.abc import Callable
from typing import Final

from safespace.domain import Level
from safespace.errors import NewerSpace
from safespace.i18n import _
from safespace.store.connection import Database


def m001_conversations_settings_level_record(database: Database) -> None:
    """The first house: conversations as trees, drafts, settings, the level, the record."""
    for statement in (
        """CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            changed TEXT NOT NULL,
            leaf INTEGER REFERENCES message (id) ON DELETE SET NULL
        )""",
        """CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            parent INTEGER REFERENCES message (id) ON DELETE CASCADE,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            at TEXT NOT NULL,
            partial INTEGER NOT NULL,
            mark TEXT
        )""",
        "CREATE INDEX message_by_place ON message (conversation, parent)",
        "CREATE INDEX message_by_parent ON message (parent)",
        "CREATE INDEX conversation_by_leaf ON conversation (leaf)",
        """CREATE TABLE draft (
            conversation INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            text TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX draft_by_conversation ON draft (ifnull(conversation, 0))",
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """CREATE TABLE engagement (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            level INTEGER NOT NULL,
            version INTEGER NOT NULL
        )""",
        """CREATE TABLE activity (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT,
            level INTEGER,
            route TEXT NOT NULL,
            reasons TEXT NOT NULL,
            model TEXT,
            overridden INTEGER NOT NULL,
            outcome TEXT
        )""",
    ):
        database.change(statement)
    database.change("INSERT INTO engagement VALUES (1, ?, 1)", int(Level.WHEN_I_ASK))


def m003_openings(database: Database) -> None:
    """When the space was opened, and by what."""
    database.change(
        "CREATE TABLE opening"
        " (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL)"
    )


MIGRATIONS: Final[tuple[Callable[[Database], None], ...]] = (
    m001_conversations_settings_level_record,
    m003_openings,
)


def migrate(database: Database) -> None:
    """Bring a database to the newest format, each step whole or not at all.

    Raises NewerSpace, having changed nothing, when it is beyond the newest one known here.
    """
    found = database.row("PRAGMA user_version")
    assert found
    (version,) = found
    if version > len(MIGRATIONS):
        raise NewerSpace(
            _("This space was last used with a newer Safe Space."),
            _("Update Safe Space to open it."),
        )
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        with database.transaction():
            step(database)
            database.change(f"PRAGMA user_version = {number}")
