# SPDX-License-Identifier: AGPL-3.0-or-later
"""An index of the words of titles and messages, and when a conversation was deleted.

What is written without spaces is indexed a second time, by its trigrams. FTS5 leaves
deleted words in its segments until it merges them, unless it is told `secure-delete`.
"""

from safespace.store.connection import Database
from safespace.store.migrations.indexing import index


def step(database: Database) -> None:
    database.change("ALTER TABLE conversation ADD COLUMN deleted TEXT")
    index(database, "conversation", "title", "title")
    index(database, "message", "text", "text")
