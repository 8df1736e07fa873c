# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first house: conversations as trees, drafts, settings, the level, the record."""

from safespace.domain import Level
from safespace.store.connection import Database


def step(database: Database) -> None:
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
