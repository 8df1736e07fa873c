# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders, notes, documents with their bytes and text in pieces, and lines of memory.

`said` is all the words of a note. Taking much text out of an index at once takes too long
with `secure-delete`, so `going.sweep` sees to that of passages by merging.
"""

from safespace.store.connection import Database
from safespace.store.migrations.indexing import index


def step(database: Database) -> None:
    for statement in (
        """CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            days INTEGER
        )""",
        "ALTER TABLE conversation"
        " ADD COLUMN folder INTEGER REFERENCES folder (id) ON DELETE SET NULL",
        """CREATE TABLE note (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder INTEGER REFERENCES folder (id) ON DELETE SET NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            changed TEXT NOT NULL,
            deleted TEXT,
            said TEXT AS (title || char(10) || text)
        )""",
        """CREATE TABLE document (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder INTEGER REFERENCES folder (id) ON DELETE SET NULL,
            conversation INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            type TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            changed TEXT NOT NULL,
            deleted TEXT,
            state TEXT NOT NULL
        )""",
        """CREATE TABLE piece (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            bytes BLOB NOT NULL
        )""",
        """CREATE TABLE passage (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            text TEXT NOT NULL
        )""",
        """CREATE TABLE memory (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            text TEXT NOT NULL,
            changed TEXT NOT NULL,
            deleted TEXT
        )""",
        "CREATE INDEX conversation_by_folder ON conversation (folder)",
        "CREATE INDEX note_by_folder ON note (folder)",
        "CREATE INDEX document_by_folder ON document (folder)",
        "CREATE INDEX document_by_conversation ON document (conversation)",
        "CREATE INDEX piece_by_document ON piece (document)",
        "CREATE INDEX passage_by_document ON passage (document)",
    ):
        database.change(statement)
    index(database, "note", "said", "title, text")
    index(database, "document", "title", "title")
    index(database, "passage", "text", "text", secure=False)
    index(database, "memory", "text", "text")
