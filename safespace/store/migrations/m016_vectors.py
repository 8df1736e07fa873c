# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model made of passages, to find them by what they mean."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    database.change(
        """
        CREATE TABLE vector (
            passage INTEGER PRIMARY KEY REFERENCES passage (id) ON DELETE CASCADE,
            model BLOB NOT NULL,
            made BLOB NOT NULL
        ) STRICT
        """
    )
