# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the placeholders of a conversation stand for."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    database.change(
        """
        CREATE TABLE placeholder (
            id INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            made TEXT NOT NULL,
            meant TEXT NOT NULL,
            kind TEXT NOT NULL,
            UNIQUE (conversation, made)
        ) STRICT
        """
    )
