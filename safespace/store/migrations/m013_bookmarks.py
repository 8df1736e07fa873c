# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model made of conversations: where that lies, and the key it is sealed under."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    database.change(
        """
        CREATE TABLE bookmark (
            conversation INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
            bound TEXT NOT NULL,
            name TEXT NOT NULL,
            key BLOB NOT NULL,
            tokens INTEGER NOT NULL,
            size INTEGER NOT NULL,
            used TEXT NOT NULL
        ) STRICT
        """
    )
